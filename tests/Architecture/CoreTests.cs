using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Reeve.Authority;
using Reeve.Kernel.Tools;
using Xunit;

namespace Reeve.Tests.Architecture;

/// <summary>What the compiled core refers to, read from its metadata: no using, alias or generator hides from
/// it.</summary>
public sealed class CoreTests
{
    private static readonly string[] s_namespacesOfTheWorld =
    [
        "System.Net", "System.IO.Pipes", "System.IO.MemoryMappedFiles", "System.IO.Enumeration",
        "System.IO.IsolatedStorage", "System.Runtime.Loader", "System.Reflection.Emit", "Microsoft.Win32",
        "Microsoft.AspNetCore", "Microsoft.Data",
    ];

    private static readonly string[] s_typesOfTheWorld =
    [
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory",
        "System.IO.DirectoryInfo", "System.IO.DriveInfo", "System.IO.FileSystemWatcher", "System.IO.RandomAccess",
        "System.Diagnostics.Process", "System.Diagnostics.ProcessStartInfo", "System.Diagnostics.Stopwatch",
        "System.Console", "System.Threading.Timer", "System.Threading.Thread",
        "System.Runtime.InteropServices.NativeLibrary",
    ];

    private static readonly string[] s_membersOfChance =
    [
        "System.Environment.GetEnvironmentVariable", "System.Environment.get_TickCount64",
        "System.Environment.get_TickCount", "System.Environment.get_CurrentDirectory", "System.Environment.Exit",
        "System.Environment.GetFolderPath", "System.Environment.get_MachineName", "System.Environment.get_UserName",
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTimeOffset.get_Now",
        "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid", "System.Guid.CreateVersion7",
        "System.Random.get_Shared", "System.TimeProvider.get_System",
    ];

    public static TheoryData<string> Core => [typeof(Problem).Assembly.Location, typeof(ITool).Assembly.Location];

    [Theory]
    [MemberData(nameof(Core))]
    [Trait("Req", "GATE-4")]
    public void The_core_refers_to_nothing_of_the_world(string assembly)
    {
        var touched = TypesOf(assembly).Where(IsOfTheWorld).ToList();

        Assert.True(touched.Count == 0, string.Join(", ", touched));
    }

    [Theory]
    [MemberData(nameof(Core))]
    [Trait("Req", "QUAL-5")]
    public void The_core_asks_no_clock_and_no_chance_of_its_own(string assembly) =>
        Assert.Empty(MembersOf(assembly).Intersect(s_membersOfChance, StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Core))]
    public void The_core_refers_to_no_package_but_logging(string assembly)
    {
        var allowed = new[] { "Reeve.Authority", "Microsoft.Extensions.Logging.Abstractions" };
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

        var foreign = Metadata(assembly, reader => reader.AssemblyReferences
            .Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name)).ToList())
            .Where(name => !allowed.Contains(name, StringComparer.Ordinal))
            .Where(name => !File.Exists(Path.Combine(runtime, name + ".dll")));

        Assert.Empty(foreign);
    }

    [Fact]
    public void The_check_sees_a_file_where_there_is_one() =>
        Assert.Contains(TypesOf(typeof(CoreTests).Assembly.Location), IsOfTheWorld);

    private static bool IsOfTheWorld(string type) =>
        s_typesOfTheWorld.Contains(type, StringComparer.Ordinal)
        || s_namespacesOfTheWorld.Any(name => type.StartsWith(name + ".", StringComparison.Ordinal));

    private static List<string> TypesOf(string assembly) => Metadata(assembly, reader => reader.TypeReferences
        .Select(handle => NameOf(reader, handle))
        .ToList());

    private static List<string> MembersOf(string assembly) => Metadata(assembly, reader => reader.MemberReferences
        .Select(reader.GetMemberReference)
        .Where(member => member.Parent.Kind == HandleKind.TypeReference)
        .Select(member => $"{NameOf(reader, (TypeReferenceHandle)member.Parent)}.{reader.GetString(member.Name)}")
        .ToList());

    private static string NameOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);

        return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
    }

    private static T Metadata<T>(string assembly, Func<MetadataReader, T> read)
    {
        using var file = File.OpenRead(assembly);
        using var portable = new PEReader(file);

        return read(portable.GetMetadataReader());
    }
}
