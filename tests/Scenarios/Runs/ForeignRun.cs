using Xunit;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>The small task of these tests, and one run of it against a server that is not ours.</summary>
internal static class ForeignRun
{
    public const string Accept = "python3 -m unittest -q";

    public static CommandProcess Folder()
    {
        var reeve = new CommandProcess();
        reeve.Write("calc.py", "def add(a, b):\n    return a - b\n");
        reeve.Write("test_calc.py", """
            import unittest

            from calc import add


            class CalcTests(unittest.TestCase):
                def test_adds(self):
                    self.assertEqual(3, add(1, 2))

            """);
        return reeve;
    }

    /// <summary>Carries the task out against a foreign server; what holds whatever it does is asserted here.</summary>
    public static async Task<(CommandProcess.Ended Ended, string Requests, string Journal)> AgainstAsync(
        string scenario, string dialect)
    {
        using var reeve = Folder();
        using var server = await ModelServerProcess.ForeignAsync(reeve, scenario);
        reeve.Environment["REEVE_MODELS__SILENCE_SECONDS"] = "1";
        reeve.Environment["REEVE_MODELS__FIRST_TOKEN_SECONDS"] = "2";
        var before = reeve.Read("calc.py");

        var ended = await reeve.RunAsync("Mend it.", "--model", server.Lend(reeve, dialect), "--accept", Accept);
        var requests = await server.EndAsync();
        var journal = (await reeve.RunAsync("show", "--journal")).Output;
        var verified = await reeve.RunAsync("journal", "verify");

        Assert.False(ended.HasTrace);
        Assert.False(ended.CommandsTheTerminal);
        Assert.DoesNotContain("internal", ended.Error, StringComparison.Ordinal);
        Assert.Equal(0, verified.ExitCode);
        Assert.Equal(before, reeve.Read("calc.py"));
        Assert.Empty(Directory.EnumerateFiles(reeve.Root, "evil", SearchOption.AllDirectories));
        return (ended, requests, journal);
    }
}
