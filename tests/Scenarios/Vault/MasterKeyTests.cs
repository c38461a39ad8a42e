using System.Diagnostics;
using Reeve.Authority;
using Reeve.Doors.Vault;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;
using Xunit;

namespace Reeve.Tests.Scenarios.Vault;

public sealed class MasterKeyTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly RunKey s_run = new(TenantId.Local, new RunId(7));
    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(place => (byte)place)];
    private readonly string _home = Directory.CreateTempSubdirectory("vault-").FullName;

    private string KeyFile => Path.Combine(_home, "keys", "master.key");

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    [Trait("Req", "SEC-1")]
    public async Task What_was_wrapped_opens_after_a_restart_and_nothing_else_lies_beside_the_key()
    {
        var wrapped = (await OpenAsync()).Wrap(s_run, s_key);

        Assert.Equal(s_key, (await OpenAsync(isEmpty: false)).Unwrap(s_run, wrapped));
        Assert.Equal(Private, File.GetUnixFileMode(KeyFile));
        Assert.Equal(Private | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(KeyFile)!));
        Assert.Equal(32, new FileInfo(KeyFile).Length);
        Assert.Equal([KeyFile], Directory.GetFileSystemEntries(Path.GetDirectoryName(KeyFile)!));
    }

    [Fact]
    [Trait("Req", "SEC-1")]
    public async Task Another_master_key_or_another_run_does_not_open_it()
    {
        using var keys = await OpenAsync();
        var wrapped = keys.Wrap(s_run, s_key);
        File.Delete(KeyFile);
        using var others = await OpenAsync();

        Assert.Equal("key.wrong", Refused(() => others.Unwrap(s_run, wrapped)));
        Assert.Equal("key.wrong", Refused(() => keys.Unwrap(s_run with { Run = new RunId(8) }, wrapped)));
        Assert.Equal("key.wrong", Refused(() => keys.Unwrap(s_run with { Tenant = new TenantId("x") }, wrapped)));
        Assert.All(Enumerable.Range(0, wrapped.Length), place => Assert.Equal("key.wrong", Refused(() =>
        {
            var flipped = wrapped.ToArray();
            flipped[place] ^= 1;
            keys.Unwrap(s_run, flipped);
        })));
        Assert.Equal("key.wrong", Refused(() => keys.Unwrap(s_run, [])));
        Assert.Equal(s_key, keys.Unwrap(s_run, wrapped));
    }

    [Fact]
    [Trait("Req", "SEC-1")]
    public async Task The_key_itself_is_not_in_what_it_wraps_and_two_wraps_differ()
    {
        using var keys = await OpenAsync();
        var (one, two) = (keys.Wrap(s_run, s_key), keys.Wrap(s_run, s_key));

        Assert.NotEqual(one, two);
        Assert.Equal(-1, one.AsSpan().IndexOf(s_key.AsSpan(0, 8)));
    }

    [Fact]
    [Trait("Req", "SEC-1")]
    public async Task A_lost_key_is_not_replaced_while_there_are_runs()
    {
        Assert.Equal("key.missing", await RefusedAsync(isEmpty: false));
        Assert.False(File.Exists(KeyFile));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.UserExecute)]
    [Trait("Req", "SEC-1")]
    public async Task A_key_that_others_could_read_is_refused(UnixFileMode wider)
    {
        using var made = await OpenAsync();
        File.SetUnixFileMode(KeyFile, Private | wider);

        Assert.Equal("key.permissions", await RefusedAsync(isEmpty: false));
    }

    [Fact]
    [Trait("Req", "SEC-1")]
    public async Task A_directory_that_others_can_enter_is_refused()
    {
        using var made = await OpenAsync();
        File.SetUnixFileMode(Path.GetDirectoryName(KeyFile)!, (UnixFileMode)0b111_001_000);

        Assert.Equal("key.permissions", await RefusedAsync(isEmpty: false));
    }

    [Fact]
    [Trait("Req", "SEC-1")]
    public async Task A_key_of_somebody_else_is_refused()
    {
        // Only root can give a file away, so without root this fails rather than proves nothing.
        using var made = await OpenAsync();
        using var chown = Process.Start("chown", ["65534", KeyFile]);
        await chown.WaitForExitAsync();

        Assert.Equal(0, chown.ExitCode);
        Assert.Equal("key.permissions", await RefusedAsync(isEmpty: false));
    }

    [Fact]
    [Trait("Req", "SEC-1")]
    public async Task A_link_or_a_directory_in_place_of_the_key_is_refused()
    {
        using var made = await OpenAsync();
        File.Move(KeyFile, Path.Combine(_home, "elsewhere"));
        File.CreateSymbolicLink(KeyFile, Path.Combine(_home, "elsewhere"));
        Assert.Equal("key.permissions", await RefusedAsync(isEmpty: false));

        File.Delete(KeyFile);
        Directory.CreateDirectory(KeyFile);
        Assert.Equal("key.permissions", await RefusedAsync(isEmpty: false));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [Trait("Req", "SEC-1")]
    public async Task A_key_of_another_length_is_refused(int bytes)
    {
        using var made = await OpenAsync();
        await File.WriteAllBytesAsync(KeyFile, new byte[bytes]);

        Assert.Equal("key.damaged", await RefusedAsync(isEmpty: false));
    }

    [Fact]
    [Trait("Req", "SEC-1")]
    public async Task Many_first_starts_at_once_agree_on_one_key()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => OpenAsync()));

        Assert.Single(opened.Select(keys => keys.Pseudonym("text")).Distinct());
    }

    [Fact]
    [Trait("Req", "SEC-1")]
    public async Task A_pseudonym_is_stable_and_belongs_to_the_key()
    {
        var one = (await OpenAsync()).Pseudonym("/home/somebody/work");
        var again = (await OpenAsync()).Pseudonym("/home/somebody/work");
        File.Delete(KeyFile);
        var other = (await OpenAsync()).Pseudonym("/home/somebody/work");

        Assert.Matches("^[0-9a-f]{32}$", one);
        Assert.Equal(one, again);
        Assert.NotEqual(one, other);
    }

    private Task<KeyWrap> OpenAsync(bool isEmpty = true) =>
        MasterKey.OpenAsync(_home, isEmpty, CancellationToken.None);

    private async Task<string> RefusedAsync(bool isEmpty) =>
        (await Assert.ThrowsAsync<ProblemException>(() => OpenAsync(isEmpty))).Problem.Code;

    private static string Refused(Action act) => Assert.Throws<ProblemException>(act).Problem.Code;
}
