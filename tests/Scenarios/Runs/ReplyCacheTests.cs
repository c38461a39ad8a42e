using System.Text;
using System.Text.Json;
using Reeve.Authority.Labels;
using Reeve.Hosting.Configuration;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Principals;
using Reeve.Kernel.Turns;
using Reeve.Doors.Vault;
using Reeve.Tests.Scenarios.Storage;
using Reeve.Tests.Shared;
using Xunit;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>A call that is the same as an earlier one in everything that matters is answered from a file, where the
/// operator wants it: nobody is asked, nothing is charged, and the journal says so.</summary>
[Trait("Req", "MODEL-7")]
public sealed class ReplyCacheTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("reeve-test-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    [Trait("Req", "BUDGET-1")]
    [Trait("Req", "RUN-8")]
    public async Task The_same_task_again_asks_nobody_and_costs_nothing()
    {
        using var reeve = ForeignRun.Folder();
        reeve.Environment["REEVE_MODELS__CACHE__ENABLED"] = "true";
        using var server = await ModelServerProcess.ForeignAsync(reeve, "honest");
        var model = server.Lend(reeve, "anthropic");

        var first = await RunAsync(reeve, model);
        var second = await RunAsync(reeve, model);
        var third = await reeve.RunAsync("Mend it.", "--model", model, "--accept", ForeignRun.Accept);

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Equal(0, (await reeve.RunAsync("replay")).ExitCode);
        Assert.Equal((30, 60), TokensOf(first));
        Assert.Equal((0, 0), TokensOf(second));
        Assert.Contains("answered from what was kept", third.All, StringComparison.Ordinal);
        Assert.Equal(3, Lines(await server.EndAsync()));
        Assert.DoesNotContain(
            Directory.GetFiles(Path.Combine(reeve.Data, "replies")),
            file => File.ReadAllText(file, Encoding.Latin1).Contains("calc", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_off_unless_the_operator_wants_it()
    {
        using var reeve = ForeignRun.Folder();
        using var server = await ModelServerProcess.ForeignAsync(reeve, "honest");
        var model = server.Lend(reeve, "anthropic");

        await RunAsync(reeve, model);
        await RunAsync(reeve, model);

        Assert.False(Directory.Exists(Path.Combine(reeve.Data, "replies")));
        Assert.Equal(6, Lines(await server.EndAsync()));
    }

    [Theory]
    [InlineData("model")]
    [InlineData("file")]
    [InlineData("goal")]
    [InlineData("limit")]
    public async Task Whatever_is_different_is_asked_anew(string difference)
    {
        using var reeve = ForeignRun.Folder();
        reeve.Environment["REEVE_MODELS__CACHE__ENABLED"] = "true";
        using var server = await ModelServerProcess.ForeignAsync(reeve, "honest");
        var model = server.Lend(reeve, "anthropic");
        await RunAsync(reeve, model);

        switch (difference)
        {
            case "model":
                model = "anthropic/other";
                break;
            case "file":
                reeve.Write("test_calc.py", reeve.Read("test_calc.py") + "\n# more\n");
                break;
            case "limit":
                reeve.Environment["REEVE_LIMITS__OUTPUT_TOKENS_PER_REPLY"] = "9000";
                break;
        }

        await RunAsync(reeve, model, difference == "goal" ? "Mend it well." : "Mend it.");

        // What a file says is part of the second request, and not of the first.
        Assert.Equal(difference == "file" ? 5 : 6, Lines(await server.EndAsync()));
    }

    [Fact]
    public async Task In_the_journal_it_is_told_from_a_reply_that_was_asked_for()
    {
        await using var reeve = new ReeveHarness(Scripts.Of(Scripts.Finishes(), Scripts.Finishes()))
        {
            Change = options => options with { ReplyCache = new(1 << 20, TimeSpan.FromHours(1)) },
        };

        var first = await reeve.RunAsync();
        var second = await reeve.RunAsync();

        Assert.False((await RepliesAsync(reeve, first.Run)).Single().IsCached);
        var cached = (await RepliesAsync(reeve, second.Run)).Single();
        Assert.True(cached.IsCached);
        Assert.Equal(default, cached.Actual);
        Assert.Equal((0L, 0L), (second.Bill.InputTokens, second.Bill.OutputTokens));
        Assert.Equal("Done.", second.Result);
        Assert.Null((await reeve.WithHostAsync(host => host.ReplayAsync(second.Run, Stop))).Fault);
    }

    [Fact]
    public void Every_part_of_a_request_its_tenant_and_its_readers_have_a_name_of_their_own()
    {
        using var keys = Keys();
        var replies = new CachedReplies(Cache(keys, new ManualTime()), name => name);
        var request = new ModelRequest("system", [Message.OfUser("a")], [], 100, "key");
        var everyone = Label.BuiltIn;
        var some = Label.From(new SourceId("file"), new ReaderId("anna"));
        var names = new[]
        {
            NameOf(request), NameOf(request with { SystemPrompt = "other" }),
            NameOf(request with { Messages = [Message.OfUser("b")] }),
            NameOf(request with { Messages = [Message.OfUser("a"), Message.OfUser("")] }),
            NameOf(request with { OutputTokensMax = 101 }), NameOf(request, model: "m/2"),
            NameOf(request, tenant: new TenantId("other")), NameOf(request, label: some),
            NameOf(request, label: Label.From(new SourceId("file"), new ReaderId("anna"), new ReaderId("ben"))),
            NameOf(request, label: Label.LeastTrusted),
        };

        Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(names[0], NameOf(request with { CallKey = "another attempt" }));

        string NameOf(ModelRequest asked, string model = "m/1", TenantId? tenant = null, Label? label = null) =>
            replies.NameOf(keys, tenant ?? TenantId.Local, model, label ?? everyone, asked);
    }

    [Fact]
    public void What_is_old_damaged_moved_or_of_another_key_is_not_given()
    {
        using var keys = Keys();
        var time = new ManualTime();
        var cache = Cache(keys, time);
        var (one, other) = (keys.Pseudonym("one"), keys.Pseudonym("other"));
        cache.Keep(one, "reply"u8);
        Assert.Equal("reply"u8.ToArray(), cache.Find(one));

        File.Copy(PathOf(one), PathOf(other));
        Assert.Null(cache.Find(other));

        time.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(cache.Find(one));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(cache.Find(one));

        cache.Keep(one, "reply"u8);
        var bytes = File.ReadAllBytes(PathOf(one));

        for (var at = 0; at < bytes.Length; at++)
        {
            var damaged = bytes.ToArray();
            damaged[at] ^= 1;
            File.WriteAllBytes(PathOf(one), damaged);
            Assert.Null(cache.Find(one));
            File.WriteAllBytes(PathOf(one), bytes[..at]);
            Assert.Null(cache.Find(one));
        }
    }

    [Fact]
    public void It_never_takes_more_than_it_may()
    {
        using var keys = Keys();
        var cache = Cache(keys, new ManualTime(), bytesMax: 4_096);

        foreach (var number in Enumerable.Range(0, 40))
        {
            cache.Keep(keys.Pseudonym($"{number}"), new byte[500]);
            Assert.True(new DirectoryInfo(Path.Combine(_data, "replies")).GetFiles().Sum(file => file.Length) <= 4_096);
        }

        Assert.NotNull(cache.Find(keys.Pseudonym("39")));
        Assert.Null(cache.Find(keys.Pseudonym("0")));
        cache.Keep(keys.Pseudonym("large"), new byte[4_096]);
        Assert.Null(cache.Find(keys.Pseudonym("large")));

        var wide = Cache(keys, new ManualTime(), bytesMax: 1L << 40);
        wide.Keep(keys.Pseudonym("largest"), new byte[SealedReplies.ReplyBytesMax]);
        wide.Keep(keys.Pseudonym("too large"), new byte[SealedReplies.ReplyBytesMax + 1]);
        Assert.NotNull(wide.Find(keys.Pseudonym("largest")));
        Assert.Null(wide.Find(keys.Pseudonym("too large")));
    }

    [Fact]
    public void No_more_replies_are_kept_than_the_bound_however_small()
    {
        using var keys = Keys();
        var folder = Directory.CreateDirectory(Path.Combine(_data, "replies")).FullName;

        foreach (var number in Enumerable.Range(0, SealedReplies.RepliesMax))
        {
            File.WriteAllBytes(Path.Combine(folder, $"{number}"), []);
        }

        Cache(keys, new ManualTime()).Keep(keys.Pseudonym("new"), "reply"u8);

        Assert.Equal(SealedReplies.RepliesMax, Directory.GetFiles(folder).Length);
        Assert.True(File.Exists(PathOf(keys.Pseudonym("new"))));
    }

    private static async Task<List<ModelReplied>> RepliesAsync(ReeveHarness reeve, RunKey run) =>
        [.. (await reeve.EntriesAsync(run)).Select(shown => shown.Entry.Body).OfType<ModelReplied>()];

    private static Task<CommandProcess.Ended> RunAsync(CommandProcess reeve, string model, string goal = "Mend it.") =>
        reeve.RunAsync(
            "run", goal, "--model", model, "--accept", ForeignRun.Accept, "--output-format", "json");

    private static (long Input, long Output) TokensOf(CommandProcess.Ended ended)
    {
        using var document = JsonDocument.Parse(ended.Output);
        var cost = document.RootElement.GetProperty("cost");
        return (cost.GetProperty("input_tokens").GetInt64(), cost.GetProperty("output_tokens").GetInt64());
    }

    private static int Lines(string requests) => requests.Count(letter => letter == '\n');

    private KeyWrap Keys()
    {
        using var master = MasterKey.OpenOrCreate(_data, dataExist: false, new SystemEntropy());
        return new KeyWrap(master, new SystemEntropy());
    }

    private SealedReplies Cache(KeyWrap keys, TimeProvider time, long bytesMax = 1 << 20) =>
        new(_data, keys, new SystemEntropy(), time, bytesMax, TimeSpan.FromHours(1));

    private string PathOf(string name) => Path.Combine(_data, "replies", name);
}
