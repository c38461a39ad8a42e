using System.Text;
using System.Text.Json.Nodes;
using Reeve.Hosting.Configuration;
using Reeve.Kernel.Approvals;
using Reeve.Kernel.Runs;
using Reeve.Tests.Scenarios.Docs;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Permissions;

/// <summary>Counts the questions of ten everyday tasks in each mode, before and after a plan, and prints the
/// table.</summary>
/// <remarks>The table is <c>artifacts/questions.md</c>. Nine tasks stay in the view; the tenth leaves it.</remarks>
public sealed class QuestionTests
{
    private static readonly (string Name, string[] Files, string[] Commands, Func<JsonObject[]> Turns)[] s_tasks =
    [
        ("mend a fault and run the tests", ["calc.py"], ["python3 -m unittest -q"], () =>
        [
            Call("read", new { path = "calc.py" }),
            Call("edit", new { path = "calc.py", oldText = "a - b", newText = "a + b" }),
            Call("shell", new { command = "python3 -m unittest -q" }),
        ]),
        ("add a file and a test of it", ["lib/**", "tests/**"], ["ls lib tests"], () =>
        [
            Call("write", new { path = "lib/text.py", content = "def up(t):\n    return t.upper()\n" }),
            Call("write", new { path = "tests/test_text.py", content = "import unittest\n" }),
            Call("shell", new { command = "ls lib tests" }),
        ]),
        ("find where something is used", [], [], () =>
        [
            Call("grep", new { pattern = "add" }), Call("glob", new { pattern = "**/*.py" }),
            Call("read", new { path = "calc.py" }),
        ]),
        ("rename a function everywhere", ["*.py"], ["grep -rn plus ."], () =>
        [
            Call("edit", new { path = "calc.py", oldText = "def add", newText = "def plus" }),
            Call("edit", new { path = "test_calc.py", oldText = "add(1, 2)", newText = "plus(1, 2)" }),
            Call("shell", new { command = "grep -rn plus ." }),
        ]),
        ("remove what is not used", [], ["ls"], () =>
        [
            Call("delete", new { path = "old.txt" }), Call("shell", new { command = "ls" }),
        ]),
        ("move files about", [], ["mkdir -p docs && mv notes.md docs/notes.md"], () =>
        [
            Call("shell", new { command = "mkdir -p docs && mv notes.md docs/notes.md" }),
            Call("tree", new { path = "." }),
        ]),
        ("write a script and run it", ["count.sh"], ["sh count.sh | sort -n"], () =>
        [
            Call("write", new { path = "count.sh", content = "wc -l *.py\n" }),
            Call("shell", new { command = "sh count.sh | sort -n" }),
        ]),
        ("change a text in many places", ["notes.md"], ["sed -i 's/teh/the/g' notes.md"], () =>
        [
            Call("shell", new { command = "sed -i 's/teh/the/g' notes.md" }), Call("read", new { path = "notes.md" }),
            Call("edit", new { path = "notes.md", oldText = "the", newText = "a" }),
        ]),
        ("explain the project", [], [], () =>
        [
            Call("tree", new { path = "." }), Call("read", new { path = "notes.md" }),
        ]),
        ("write, then ask for more than the view", ["a.txt"], [], () =>
        [
            Call("write", new { path = "a.txt", content = "x" }), Call("leave", new { }), Call("leave", new { }),
        ]),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Req", "GATE-8")]
    [Trait("Req", "GATE-9")]
    public async Task Everyday_tasks_ask_nothing_in_the_default_mode_and_one_question_covers_them_in_a_careful_one()
    {
        var counts = new Dictionary<(int Task, string Mode, bool HasPlan), int>();

        foreach (var mode in SettingKeys.Modes)
        {
            for (var task = 0; task < s_tasks.Length; task++)
            {
                counts[(task, mode, false)] = await CountAsync(task, mode, hasPlan: false);
                counts[(task, mode, true)] = await CountAsync(task, mode, hasPlan: true);
            }
        }

        File.WriteAllText(Path.Join(ExampleTests.Repository, "artifacts", "questions.md"), Table(counts));

        for (var task = 0; task < s_tasks.Length - 1; task++)
        {
            Assert.Equal(0, counts[(task, "auto", false)]);
            Assert.True(counts[(task, "manual", true)] <= Math.Max(1, counts[(task, "manual", false)]));
        }

        // What leaves the view is asked each time, until a plan names it.
        Assert.Equal((2, 1), (counts[(9, "auto", false)], counts[(9, "auto", true)]));
        Assert.True(Sum("manual", true) < Sum("manual", false));
        Assert.All(new[] { "plan", "dontAsk" }, mode => Assert.Equal(0, Sum(mode, false)));

        int Sum(string mode, bool hasPlan) =>
            Enumerable.Range(0, s_tasks.Length).Sum(task => counts[(task, mode, hasPlan)]);
    }

    /// <summary>Runs a task, says yes to everything, and counts what was asked.</summary>
    private static async Task<int> CountAsync(int task, string mode, bool hasPlan)
    {
        var (_, files, commands, turns) = s_tasks[task];
        var plan = Call(PlanProposal.ToolName, new
        {
            purpose = "This task.", minutes = 30, files = files.Append("unused.txt"), commands,
            deletes = new[] { "old.txt" }, hosts = new[] { "example.org" },
        });
        JsonObject[] first = hasPlan ? [plan] : [];
        await using var reeve = new ReeveHarness(Of([.. first, .. turns(), Finishes()]));
        reeve.Write("calc.py", "def add(a, b):\n    return a - b\n");
        reeve.Write("test_calc.py", "from calc import add\n\nadd(1, 2)\n");
        reeve.Write("notes.md", "teh notes\n");
        reeve.Write("old.txt", "old\n");
        AnswerTests.Configure(reeve, ("REEVE_PERMISSIONS__MODE", mode));
        var composed = reeve.Change;
        reeve.Change = options => composed(options) with { MoreTools = [new LeavingTool()] };
        var report = await reeve.RunAsync();
        var questions = 0;

        while (report.Status == RunStatus.Waiting)
        {
            questions++;
            await reeve.AnswerAsync(report.Run, isApproved: true);
            report = await reeve.ContinueAsync(report.Run, Stop);
        }

        return questions;
    }

    private static string Table(Dictionary<(int Task, string Mode, bool HasPlan), int> counts)
    {
        var table = new StringBuilder("# Questions per task\n\n"
            + "Without a plan / with a plan proposed first, which is a question itself.\n\n");
        table.Append("| task | ").AppendJoin(" | ", SettingKeys.Modes).Append(" |\n|---|");
        table.Append(string.Concat(Enumerable.Repeat("---|", SettingKeys.Modes.Count))).Append('\n');

        for (var task = 0; task < s_tasks.Length; task++)
        {
            var number = task;
            table.Append("| ").Append(s_tasks[task].Name).Append(" | ").AppendJoin(" | ", SettingKeys.Modes.Select(
                mode => $"{counts[(number, mode, false)]} / {counts[(number, mode, true)]}")).Append(" |\n");
        }

        return table.ToString();
    }
}
