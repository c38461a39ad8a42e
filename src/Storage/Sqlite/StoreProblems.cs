using Reeve.Authority;
using Reeve.Kernel.Journal;

namespace Reeve.Storage.Sqlite;

/// <summary>Everything the store refuses, in the words the user reads.</summary>
internal static class StoreProblems
{
    public static Problem Full { get; } = new(
        "store.full",
        "The disk with the data directory is full. What was recorded is safe; free some space and resume.",
        IsRetryable: true);

    public static Problem ReadOnly { get; } = new(
        "store.read_only",
        "The data directory cannot be written, so runs can be read but not advanced. Make it writable and resume.");

    public static Problem Unavailable { get; } = new(
        "store.unavailable",
        "The data directory refused a read or a write. Check that it exists, its owner, the disk and its quota.");

    public static Problem Corrupt { get; } = new(
        "store.corrupt",
        "The journal file is damaged where this was stored. Other runs stay readable; restore from a backup.");

    public static Problem Busy { get; } = new(
        "store.busy",
        "Another process kept the journal locked for too long. Try again.",
        IsRetryable: true);

    public static Problem TracesRemain { get; } = new(
        "store.busy",
        "The payload is erased, but another process is reading the log that still has a trace of it. Erase it again.",
        IsRetryable: true);

    public static Problem NewerSchema { get; } = new(
        "store.newer_schema",
        "The data directory was written by a newer version. Install that version, or restore the snapshot it made.");

    public static Problem OlderSchema { get; } = new(
        "store.read_only",
        "The data directory is of an older version and cannot be written, so it cannot be brought up to date.");

    public static Problem Permissions { get; } = new(
        "store.permissions",
        "Others can read the data directory or a file in it. Set the directory to mode 0700 and its files to 0600.");

    public static Problem Fenced { get; } = new(
        "run.fenced",
        "Somebody else holds this run now, or has advanced it. Nothing was written.");

    public static Problem NotFound { get; } = new("run.not_found", "There is no such run.");

    public static Problem Duplicate { get; } = new(
        "run.duplicate",
        "A run was already admitted under this idempotency key.");

    public static Problem InboxFull { get; } = new(
        "inbox.full",
        $"{IRunStore.InboxMessagesMax} messages already wait for this run. Try again when it has taken some.",
        IsRetryable: true);

    public static Problem PayloadTooLarge { get; } = new(
        "payload.too_large",
        $"A payload has at most {SqliteRunStore.PayloadBytesMax >> 20} MiB.");

    public static Problem Damaged(RunKey run, long sequence) => new(
        "store.corrupt",
        $"Entry {sequence} of run {run.Run} is damaged or missing. Those before and after it stay readable.");

    /// <summary>Reading may still work.</summary>
    public static bool IsRefusedWrite(Problem problem) =>
        problem == ReadOnly || problem == Unavailable || problem == Full;

    public static ProblemException Refusal(Problem problem) => new(problem);
}
