using Reeve.Authority;

namespace Reeve.Doors.Vault;

/// <summary>Everything the vault refuses, in the words the user reads.</summary>
internal static class KeyProblems
{
    public static Problem Permissions { get; } = new(
        "key.permissions",
        "The master key must be a file of its own, mode 0600, in a directory of mode 0700, owned by the user who runs "
        + "this. Correct its owner and mode; if others could read it, treat what it protects as known to them.");

    public static Problem Missing { get; } = new(
        "key.missing",
        "There are runs but the master key that opens them is gone. Put keys/master.key back from a backup.");

    public static Problem Wrong { get; } = new(
        "key.wrong",
        "The key of this run was wrapped by another master key. Put the right keys/master.key back from a backup.");

    public static Problem Damaged { get; } = new(
        "key.damaged",
        "The master key file does not have exactly 32 bytes. Put keys/master.key back from a backup.");

    public static Problem Unavailable { get; } = new(
        "key.unavailable",
        "The master key cannot be read or made. Check that the data directory exists and has room.");
}
