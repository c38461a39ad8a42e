namespace Reeve.Doors.Views;

/// <summary>Everything a transaction will do, written down before it does any of it.</summary>
/// <param name="Undoes">The number of the transaction that this one reverses; zero for an apply.</param>
/// <param name="Operations">In path order.</param>
internal sealed record ApplyPlan(int Undoes, IReadOnlyList<ApplyOperation> Operations)
{
    private const int Version = 1;

    public void Write(BinaryWriter writer)
    {
        writer.Write(Version);
        writer.Write(Undoes);
        writer.Write(Operations.Count);
        foreach (var operation in Operations)
        {
            operation.Write(writer);
        }
    }

    public static ApplyPlan Read(BinaryReader reader)
    {
        Authority.Problem.ThrowUnless(
            reader.ReadInt32() == Version, "view.version", "This apply was begun by another version of Reeve.");
        var undoes = reader.ReadInt32();
        var operations = new ApplyOperation[reader.ReadInt32()];
        for (var index = 0; index < operations.Length; index++)
        {
            operations[index] = ApplyOperation.Read(reader);
        }

        return new ApplyPlan(undoes, operations);
    }
}
