using System.Collections.Immutable;
using Reeve.Storage.Sqlite;

namespace Reeve.Storage.Migrations;

/// <summary>One step forward of the schema. A step that was released is never changed again.</summary>
internal sealed record Migration(int Version, string Name, string Sql)
{
    public static ImmutableArray<Migration> All { get; } = 
    [
        Of(1, "m0001_journal"), Of(2, "m0002_spending"), Of(3, "m0003_sessions"),
    ];

    private static Migration Of(int version, string name) => new(version, name, SqlText.Read(name));
}
