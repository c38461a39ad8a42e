using System.Runtime.InteropServices;
using Reeve.Authority;
using SQLitePCL;

namespace Reeve.Storage.Sqlite;

/// <summary>Binds the provider to the system's own SQLite, which gets its security updates with the system.</summary>
// The only native library of this project is the database itself, the operator's own door.
#pragma warning disable RS0030
internal static class SqliteLibrary
{
    private static readonly string[] s_names = ["libsqlite3.so.0", "libsqlite3.so"];
    private static readonly Lazy<bool> s_isBound = new(Bind);

    public static void ThrowIfMissing() => Problem.ThrowUnless(
        s_isBound.Value,
        "store.library_missing",
        "The SQLite library is not installed on this system. Run: apt-get install libsqlite3-0");

    private static bool Bind()
    {
        var library = s_names.Select(Load).FirstOrDefault(handle => handle != 0);

        if (library == 0)
        {
            return false;
        }

        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly,
            (name, _, _) => name == "e_sqlite3" ? library : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());

        // Nobody asks how much memory it has, and counting takes a lock at every allocation.
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);

        return true;
    }

    private static nint Load(string name) => NativeLibrary.TryLoad(name, out var handle) ? handle : 0;
}
#pragma warning restore RS0030
