using System.Text;

namespace Reeve.Storage.Sqlite;

/// <summary>Reads an SQL file that was built into this assembly.</summary>
internal static class SqlText
{
    public static string Read(string name)
    {
        using var stream = typeof(SqlText).Assembly.GetManifestResourceStream($"{name}.sql")
            ?? throw new InvalidOperationException($"{name}.sql is not part of the assembly.");
        var text = new byte[stream.Length];
        stream.ReadExactly(text);

        return Encoding.UTF8.GetString(text);
    }
}
