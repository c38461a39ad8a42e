using Reeve.Authority;
using SQLitePCL;

namespace Reeve.Storage.Sqlite;

/// <summary>A result code of SQLite (sqlite.org/rescode.html), before anybody knows what it means to the
/// caller.</summary>
/// <param name="extendedCode">Its low byte is the primary code.</param>
internal sealed class SqliteFailure(int extendedCode) : Exception($"SQLite answered {extendedCode}.")
{
    private const int NoRoomForIndex = 4874; // SQLITE_IOERR_SHMSIZE
    private const int DuplicateKey = 1555, NotUnique = 2067, NoParent = 787;

    public int Code => extendedCode & 0xff;

    public bool IsBusy => Code is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    public bool IsDamage => Code is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>The file cannot be written now; reading may still work.</summary>
    public bool IsRefusedWrite =>
        Code is raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_FULL or raw.SQLITE_IOERR;

    public bool IsDuplicateKey => extendedCode == DuplicateKey;

    public bool IsNotUnique => extendedCode == NotUnique;

    public bool HasNoParent => extendedCode == NoParent;

    /// <summary>What the caller is told; null when it is a bug of ours.</summary>
    public Problem? ToProblem() => Code switch
    {
        _ when extendedCode == NoRoomForIndex => StoreProblems.Full,
        raw.SQLITE_FULL => StoreProblems.Full,
        raw.SQLITE_READONLY => StoreProblems.ReadOnly,
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_IOERR or raw.SQLITE_AUTH => StoreProblems.Unavailable,
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => StoreProblems.Corrupt,
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => StoreProblems.Busy,
        _ => null,
    };

    public Exception ToException() => ToProblem() is { } problem ? new ProblemException(problem) : this;
}
