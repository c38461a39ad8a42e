using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>One path of a transaction.</summary>
/// <param name="Before">What the user's tree has, as it is restored by a roll back.</param>
/// <param name="After">What the user's tree shall have.</param>
/// <param name="ViewBefore">The same two in the terms of the view, for the next difference.</param>
/// <param name="Seen">The user's file when the plan was made; changed since is a conflict.</param>
internal sealed record ApplyOperation(
    string Path, OwnedState Before, OwnedState After, NodeState ViewBefore, NodeState ViewAfter, FileStat? Seen)
{
    public void Write(BinaryWriter writer)
    {
        writer.WriteName(Path);
        Before.Write(writer);
        After.Write(writer);
        writer.WriteState(ViewBefore);
        writer.WriteState(ViewAfter);
        writer.Write(Seen is not null);
        writer.WriteStat(Seen ?? default);
    }

    public static ApplyOperation Read(BinaryReader reader)
    {
        var path = reader.ReadName();
        var before = OwnedState.Read(reader);
        var after = OwnedState.Read(reader);
        var viewBefore = reader.ReadState();
        var viewAfter = reader.ReadState();
        var isSeen = reader.ReadBoolean();
        var seen = reader.ReadStat();

        return new ApplyOperation(path, before, after, viewBefore, viewAfter, isSeen ? seen : null);
    }
}

/// <param name="ModifiedAt">Nanoseconds since 1970; null is the time of writing.</param>
internal readonly record struct OwnedState(NodeState State, (uint User, uint Group)? Owner, long? ModifiedAt)
{
    public void Write(BinaryWriter writer)
    {
        writer.WriteState(State);
        writer.Write(Owner is not null);
        writer.Write(Owner?.User ?? 0);
        writer.Write(Owner?.Group ?? 0);
        writer.Write(ModifiedAt is not null);
        writer.Write(ModifiedAt ?? 0);
    }

    public static OwnedState Read(BinaryReader reader)
    {
        var state = reader.ReadState();
        var hasOwner = reader.ReadBoolean();
        var owner = (reader.ReadUInt32(), reader.ReadUInt32());
        var hasTime = reader.ReadBoolean();
        var time = reader.ReadInt64();

        return new OwnedState(state, hasOwner ? owner : null, hasTime ? time : null);
    }
}
