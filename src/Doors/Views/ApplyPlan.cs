using Reeve.Doors.Repositories;

namespace Reeve.Doors.Views;

/// <summary>Everything a transaction will do, written down before it does any of it.</summary>
/// <param name="Undoes">The number of the transaction that this one reverses; zero for an apply.</param>
/// <param name="Operations">In path order.</param>
internal sealed record ApplyPlan(int Undoes, IReadOnlyList<ApplyOperation> Operations)
{
    private const int Version = 2, VersionWithoutBranch = 1;

    /// <summary>The branch that is moved after the files; null where none is.</summary>
    public BranchChange? Branch { get; init; }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Version);
        writer.Write(Undoes);
        writer.Write(Operations.Count);
        foreach (var operation in Operations)
        {
            operation.Write(writer);
        }

        writer.Write(Branch is not null);
        writer.Write(Branch?.Name ?? string.Empty);
        writer.Write(Branch?.From ?? string.Empty);
        writer.Write(Branch?.To ?? string.Empty);
    }

    public static ApplyPlan Read(BinaryReader reader)
    {
        var version = reader.ReadInt32();
        Authority.Problem.ThrowUnless(
            version is Version or VersionWithoutBranch,
            "view.version",
            "This apply was begun by another version of Reeve.");
        var undoes = reader.ReadInt32();
        var operations = new ApplyOperation[reader.ReadInt32()];
        for (var index = 0; index < operations.Length; index++)
        {
            operations[index] = ApplyOperation.Read(reader);
        }

        return new ApplyPlan(undoes, operations) { Branch = version == Version ? ReadBranch(reader) : null };
    }

    private static BranchChange? ReadBranch(BinaryReader reader)
    {
        var hasBranch = reader.ReadBoolean();
        var (name, from, to) = (reader.ReadString(), reader.ReadString(), reader.ReadString());

        return hasBranch
            ? new BranchChange(name, from.Length > 0 ? from : null, to.Length > 0 ? to : null)
            : null;
    }
}
