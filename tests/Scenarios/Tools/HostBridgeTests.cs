using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Doors.Processes.HostBridge;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Tools;

/// <summary>Commands on the machine itself: what the operator wrote down, once, after a yes, and nothing
/// else.</summary>
[Trait("Req", "EXEC-10")]
public sealed partial class HostBridgeTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("reeve-host-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Seen => Path.Join(_root, "seen.txt");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task An_allowed_command_is_asked_and_runs_once_as_the_user_with_a_clean_environment()
    {
        Environment.SetEnvironmentVariable("HOST_BRIDGE_SECRET", "crown-jewels");
        using var open = new FileStream(
            Path.Join(_root, "open"), new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write });
        using var inherited = new Microsoft.Win32.SafeHandles.SafeFileHandle(
            Duplicate((int)open.SafeFileHandle.DangerousGetHandle()), ownsHandle: true);
        var program = Program(
            "deploy",
            $"{{ echo \"ran $*\"; pwd; id -u; env; ls /proc/self/fd | grep -v ^10$ | tr '\\n' ' '; }} >> {Seen};"
                + " echo deployed");
        await using var reeve = Bridge([$"{program} {{name}} [--quick]"],
            Call("host_command", new { program = "deploy", words = new[] { "web.1", "--quick" } }), Finishes());

        var waiting = await reeve.RunAsync();
        Assert.Equal((RunStatus.Waiting, false), (waiting.Status, File.Exists(Seen)));
        await reeve.AnswerAsync(waiting.Run, isApproved: true);
        await reeve.ContinueAsync(waiting.Run);
        await reeve.ContinueAsync(waiting.Run);

        var answer = (await reeve.AnswersAsync(waiting.Run))[0];
        var seen = await File.ReadAllLinesAsync(Seen, Stop);
        Assert.Equal(ToolOutcome.Done, answer.Outcome);
        Assert.Contains("deployed", answer.Text, StringComparison.Ordinal);
        Assert.Equal(
            ["ran web.1 --quick"], seen.Where(line => line.StartsWith("ran", StringComparison.Ordinal)));
        Assert.Contains(reeve.Workspace, seen);
        Assert.Contains(Environment.IsPrivilegedProcess ? "0" : $"{OwnId()}", seen);
        Assert.DoesNotContain(seen, line => line.Contains("crown-jewels", StringComparison.Ordinal));

        // The last one is that of the listing; 10 is the shell's own.
        Assert.Equal("0 1 2 3 ", seen[^1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Req", "GATE-7")]
    public async Task A_yes_to_a_command_in_the_sandbox_is_none_to_it_on_the_machine(bool isOnHost)
    {
        var program = Program("deploy", $"echo ran >> {Seen}");
        await using var reeve = Bridge(
            [program], Call("host_command", new { program = "deploy" }),
            Call("host_command", new { program = "deploy" }),
            Finishes());
        reeve.ChangeMandate = mandate => mandate with
        {
            CanAsk = true, Approved = [isOnHost ? "Host(deploy)" : "Bash(deploy)"],
        };

        var report = await reeve.RunAsync();

        Assert.Equal(isOnHost, File.Exists(Seen));
        Assert.Equal(isOnHost ? [] : new[] { "Host(deploy)" }, report.Approvals.SelectMany(asked => asked.Rules));
    }

    [Fact]
    public async Task A_denied_command_does_not_run_and_a_rule_spares_the_question()
    {
        var program = Program("deploy", $"echo ran >> {Seen}");
        await using var reeve = Bridge([program], Call("host_command", new { program = "deploy" }), Finishes());
        var waiting = await reeve.RunAsync();
        await reeve.AnswerAsync(waiting.Run, isApproved: false);
        await reeve.ContinueAsync(waiting.Run);
        Assert.False(File.Exists(Seen));

        Allow(reeve, "deploy");
        var answer = await reeve.CallOnceAsync("host_command", """{"program":"deploy"}""");

        Assert.Equal(ToolOutcome.Done, answer.Outcome);
        Assert.Equal("ran\n", await File.ReadAllTextAsync(Seen, Stop));
    }

    /// <summary>Each of these starts a program when nobody is in the way.</summary>
    [Theory]
    [InlineData("git", "-c", "core.sshCommand=touch SEEN; false", "ls-remote", "ssh://nowhere/x")]
    [InlineData("git", "ls-remote", "--upload-pack=touch SEEN; false", ".")]
    [InlineData("tar", "--checkpoint=1", "--checkpoint-action=exec=touch SEEN", "-cf", "/dev/null", "/etc/hostname")]
    [InlineData("find", "/etc/hostname", "-exec", "touch", "SEEN", ";")]
    [InlineData("sort", "-o", "SEEN", "/etc/hostname")]
    public async Task An_injected_option_is_refused_also_after_a_yes(string program, params string[] words)
    {
        words = [.. words.Select(word => word.Replace("SEEN", Seen, StringComparison.Ordinal))];
        using (var plain = Process.Start(new ProcessStartInfo("/usr/bin/" + program, words)
        {
            WorkingDirectory = _root, RedirectStandardError = true,
        })!)
        {
            await plain.WaitForExitAsync(Stop);
        }

        Assert.True(File.Exists(Seen));
        File.Delete(Seen);
        await using var reeve = Bridge(
            [
                "/usr/bin/git ls-remote {name}", "/usr/bin/tar -tf {path}", "/usr/bin/find {path}*",
                "/usr/bin/sort {path}",
            ],
            Call("host_command", new { program, words }), Finishes());
        await RunApprovedAsync(reeve);
        Assert.False(File.Exists(Seen));
    }

    /// <summary>Each of these runs a program of the repository when nobody is in the way.</summary>
    [Theory]
    [InlineData("status", "config core.fsmonitor 'touch SEEN; false'")]
    [InlineData("status", "config filter.x.clean 'touch SEEN; cat'; echo '* filter=x' > .gitattributes")]
    [InlineData("diff", "config diff.external 'touch SEEN; true'")]
    [InlineData("diff", "config diff.x.textconv 'touch SEEN; cat'; echo '* diff=x' > .gitattributes")]
    [InlineData("diff", "config include.path more; printf '[diff]\nexternal = touch SEEN; true' > .git/more")]
    [InlineData(
        "checkout",
        "config user.name a; cd .git/hooks; printf '#!/bin/sh\ntouch SEEN' > post-checkout; chmod +x post-checkout")]
    public async Task A_repository_starts_nothing_on_the_machine(string word, string bait)
    {
        await using var reeve = Bridge(
            ["/usr/bin/git status", "/usr/bin/git diff", "/usr/bin/git checkout"],
            Call("host_command", new { program = "git", words = new[] { word } }), Finishes());
        await ShellAsync(
            "git init -q . && echo a > a && git add a && git -c user.name=a -c user.email=a@b commit -qm a"
            + " && echo b > a && git " + bait);
        await ShellAsync("git " + word);
        Assert.True(File.Exists(Seen));
        File.Delete(Seen);

        var asked = await reeve.RunAsync();

        if (asked.Status == RunStatus.Waiting)
        {
            await reeve.AnswerAsync(asked.Run, isApproved: true);
            await reeve.ContinueAsync(asked.Run);
        }


        Assert.False(File.Exists(Seen));

        async Task ShellAsync(string script)
        {
            using var shell = Process.Start(new ProcessStartInfo(
                "/bin/sh", ["-c", script.Replace("SEEN", Seen, StringComparison.Ordinal)])
            {
                WorkingDirectory = reeve.Workspace, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            await shell.WaitForExitAsync(Stop);
        }
    }

    [Fact]
    public async Task A_plain_repository_can_be_asked()
    {
        await using var reeve = Bridge(["/usr/bin/git status"], Finishes());
        using (var git = Process.Start(new ProcessStartInfo(
            "/bin/sh", ["-c", "git init -q . && git remote add origin https://example.com/x && git config user.name a"])
        {
            WorkingDirectory = reeve.Workspace,
        })!)
        {
            await git.WaitForExitAsync(Stop);
        }

        var answer = await reeve.CallOnceAsync("host_command", """{"program":"git","words":["status"]}""");

        Assert.Equal(ToolOutcome.Done, answer.Outcome);
        Assert.Contains("No commits yet", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "ln -s {0} {0}.link; mv {0}.link {1}/deploy.tmp; mv {0} {1}/real; ln -s real {0}", "host.binary_refused")]
    [InlineData("chmod 777 {0}", "host.binary_refused")]
    [InlineData("chmod 775 {0}", "host.binary_refused")]
    [InlineData("chmod 777 {1}", "host.binary_refused")]
    [InlineData("chmod 4755 {0}", "host.binary_refused")]
    [InlineData("chmod 644 {0}", "host.binary_refused")]
    [InlineData("rm {0}", "host.binary_refused")]
    [InlineData("cp {0} {0}.new; mv {0}.new {0}", "host.binary_changed")]
    [InlineData("echo 'touch x' >> {0}", "host.binary_changed")]
    public async Task A_program_that_others_can_have_put_there_is_not_started(string swap, string code)
    {
        var program = Program("deploy", $"echo ran >> {Seen}");
        await using var reeve = Bridge([program], Call("host_command", new { program = "deploy" }), Finishes());
        Allow(reeve, "deploy");
        Assert.Equal(ToolOutcome.Done, (await reeve.CallOnceAsync("host_command", """{"program":"deploy"}""")).Outcome);
        var script = string.Format(
            CultureInfo.InvariantCulture, swap, program, Path.GetDirectoryName(program));
        using (var shell = Process.Start("/bin/sh", ["-c", script]))
        {
            await shell.WaitForExitAsync(Stop);
        }

        var answer = await reeve.CallOnceAsync("host_command", """{"program":"deploy"}""");

        Assert.Equal((ToolOutcome.Refused, code), (answer.Outcome, answer.Code));
        Assert.Equal("ran\n", await File.ReadAllTextAsync(Seen, Stop));
    }

    [Fact]
    [Trait("Req", "RUN-3")]
    public async Task A_worker_that_dies_leaves_it_in_doubt_and_never_runs_it_again()
    {
        var program = Program("deploy", $"echo ran >> {Seen}; echo begun; sleep 30");
        await using var reeve = Bridge([program], Call("host_command", new { program = "deploy" }), Finishes());
        Allow(reeve, "deploy");
        using var crash = new CancellationTokenSource();
        var run = await reeve.WithHostAsync(host => reeve.SubmitAsync(host));
        await reeve.WithHostAsync(host =>
            host.ContinueAsync(run, new StopAtOutput(crash), new RunLoopOptions(TimeSpan.Zero), crash.Token));

        var report = await reeve.ContinueAsync(run);

        Assert.Equal(RunStatus.InDoubt, report.Status);
        Assert.Equal("ran\n", await File.ReadAllTextAsync(Seen, Stop));
    }

    [Fact]
    public async Task A_command_that_takes_too_long_or_says_too_much_is_ended_with_all_it_started()
    {
        var slow = Program("slow", $"(sleep 3; echo late >> {Seen}) & sleep 30");
        var daemon = Program("daemon", $"setsid sh -c 'sleep 3; echo late >> {Seen}' & exit 0");
        var loud = Program("loud", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done");
        await using var reeve = Bridge([slow, daemon, loud], Finishes());
        Allow(reeve, "slow", "daemon", "loud");
        var bridge = new HostBridge(
            [slow, daemon, loud], home: null, new HostCommandLimits(TimeSpan.FromSeconds(1), 100_000),
            TimeProvider.System);
        reeve.Change = options => options with { HostBridge = bridge };

        var left = await reeve.CallOnceAsync("host_command", """{"program":"daemon"}""");
        var late = await reeve.CallOnceAsync("host_command", """{"program":"slow"}""");
        var much = await reeve.CallOnceAsync("host_command", """{"program":"loud"}""");

        Assert.Contains("ended by its limit: wall time", left.Text, StringComparison.Ordinal);
        Assert.Contains("ended by its limit: wall time", late.Text, StringComparison.Ordinal);
        Assert.Contains("ended by its limit: amount of output", much.Text, StringComparison.Ordinal);
        await Task.Delay(TimeSpan.FromSeconds(3.5), TimeProvider.System, Stop);
        Assert.False(File.Exists(Seen));
    }

    [Theory]
    [InlineData("""{"program":"/bin/sh"}""", "argument.invalid")]
    [InlineData("""{"program":"../sh"}""", "argument.invalid")]
    [InlineData("""{"program":"deploy","words":["a\nb"]}""", "argument.invalid")]
    [InlineData("""{"program":"deploy","words":"a"}""", "argument.invalid")]
    [InlineData("""{"program":"deploy","shell":true}""", "argument.invalid")]
    [InlineData("""{"program":"deploy","words":["x"]}""", "host.not_allowed")]
    [InlineData("""{"program":"other"}""", "host.not_allowed")]
    public async Task What_the_operator_did_not_write_down_is_refused(string arguments, string code)
    {
        var program = Program("deploy", $"echo ran >> {Seen}");
        await using var reeve = Bridge([program], Finishes());
        Allow(reeve, "deploy", "other");

        var answer = await reeve.CallOnceAsync("host_command", arguments);

        Assert.Equal((ToolOutcome.Refused, code), (answer.Outcome, answer.Code));
        Assert.DoesNotContain(_root, answer.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(Seen));
    }

    [Fact]
    public async Task Without_a_configuration_there_is_no_bridge()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        Allow(reeve, "deploy");

        Assert.Equal(
            "host.not_configured", (await reeve.CallOnceAsync("host_command", """{"program":"deploy"}""")).Code);
        Assert.Throws<ProblemException>(() => new HostBridge(
            [.. Enumerable.Repeat("/usr/bin/make", HostBridge.FormsMax + 1)], null, HostCommandLimits.Default,
            TimeProvider.System));
    }

    private static async Task RunApprovedAsync(ReeveHarness reeve)
    {
        var report = await reeve.RunAsync();

        while (report.Status == RunStatus.Waiting)
        {
            await reeve.AnswerAsync(report.Run, isApproved: true);
            report = await reeve.ContinueAsync(report.Run);
        }

        Assert.Equal(ToolOutcome.Refused, (await reeve.AnswersAsync(report.Run))[0].Outcome);
    }

    private static void Allow(ReeveHarness reeve, params string[] programs) =>
        reeve.ChangeMandate = mandate => mandate with
        {
            CanAsk = true,
            Rules = [.. programs.Select(each => RuleSyntax.Parse($"Bash({each}:*)", Decision.Allow, RuleTier.User))],
        };

    // A copy that does not close on exec, as a careless library makes it.
    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    private static string OwnId()
    {
        using var id = Process.Start(new ProcessStartInfo("id", "-u") { RedirectStandardOutput = true })!;

        return id.StandardOutput.ReadToEnd().Trim();
    }

    private static ReeveHarness Bridge(string[] forms, params System.Text.Json.Nodes.JsonObject[] turns)
    {
        var bridge = new HostBridge(forms, home: null, HostCommandLimits.Default, TimeProvider.System);

        return new ReeveHarness(Of(turns))
        {
            Change = options => options with { HostBridge = bridge },
            ChangeMandate = mandate => mandate with { CanAsk = true },
        };
    }

    private string Program(string name, string script)
    {
        var folder = Directory.CreateDirectory(
            Path.Join(_root, "bin"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        var path = Path.Join(folder, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        return path;
    }

    private sealed class StopAtOutput(CancellationTokenSource stop) : IRunObserver
    {
        public void OnEntry(RunEvent entry, RunState state, Func<PayloadRef, string> textOf)
        {
            // Only output counts.
        }

        public void OnDelta(ModelDelta delta)
        {
            // Only output counts.
        }

        public void OnOutput(CallId call, OutputChunk chunk) => stop.Cancel();
    }
}
