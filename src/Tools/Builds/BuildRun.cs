using System.Text;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Tools;
using Reeve.Tools.Builds.Reports;
using Reeve.Tools.Shell;

namespace Reeve.Tools.Builds;

/// <summary>What the four tools have in common: find the stack, run its command, read its report, say how it
/// ended.</summary>
/// <remarks>
/// The exit code decides, and no text can make up for it. A test run that passed without a test, or whose report
/// tells of failures, has not passed.
/// </remarks>
internal static class BuildRun
{
    public const int FilterCharsMax = 200;

    private const int ToolMissing = 97, NoTests = 5;
    private const int OutputCharsMax = 6_000;

    private const string Before = """
        set -u
        r=/tmp/reeve-report
        mkdir -p $r
        export CI=true NO_COLOR=1 CARGO_TERM_COLOR=never DOTNET_CLI_UI_LANGUAGE=en
        need() { command -v "$1" > /dev/null || exit 97; }
        exec 3>&1 1>&2

        """;

    private const string After = """

        code=$?
        for file in $r/out $r/*.trx; do [ ! -s "$file" ] || cat "$file" >&3; done
        exit $code
        """;

    /// <summary>Where the stack is not named, each that could be found is put to the gate.</summary>
    public static IReadOnlyList<Effect> EffectsOf(BuildVerb verb, BuildChoice choice)
    {
        choice.ThrowUnlessValid();
        ThrowUnlessHas(verb, choice.Stack);
        var stacks = choice.Stack.Length > 0
            ? [choice.Stack]
            : BuildStacks.All.Where(stack => BuildCommands.Has(stack, verb));

        return [.. stacks.Select(stack => new Effect(EffectKind.RunCommand, BuildCommands.Of(stack, verb).Line))];
    }

    public static async Task<ToolOutput> RunAsync(
        BuildVerb verb, BuildChoice choice, ToolContext context, CancellationToken cancellationToken)
    {
        choice.ThrowUnlessValid();
        ThrowUnlessHas(verb, choice.Stack);
        var detected = BuildStacks.Detect(context.Grant<IWorkspaceFiles>(), choice.Directory)
            .Where(each => BuildCommands.Has(each, verb)).ToList();
        var stack = choice.Stack.Length > 0 ? choice.Stack : detected.FirstOrDefault() ?? "";
        Problem.ThrowUnless(
            stack.Length > 0,
            "build.unknown_stack",
            "No stack is known by the files of this folder; name stack or directory, or use the shell.");
        var chosen = BuildCommands.Of(stack, verb);
        Problem.ThrowUnless(
            choice.Filter.Length == 0 || chosen.TakesFilter,
            "argument.invalid",
            $"Tests of {stack} cannot be chosen by name here; leave filter out.");

        var command = new Command(
            ["/bin/sh", "-c", Before + chosen.Script + After, "build", choice.Filter],
            choice.Directory,
            TimeLimit: choice.TimeoutSeconds > 0 ? TimeSpan.FromSeconds(choice.TimeoutSeconds) : null);
        var ended = await context.Grant<IPrograms>().RunAsync(command, context.OnOutput, cancellationToken);
        Problem.ThrowUnless(
            ended.Value.ExitCode != ToolMissing,
            "build.tool_missing",
            $"The sandbox has no program for this of {stack}; `reeve doctor` says which toolchains are lent.");

        return Tell(verb, stack, detected, chosen, ended.Value) with { Label = ended.Label };
    }

    private static void ThrowUnlessHas(BuildVerb verb, string stack) => Problem.ThrowUnless(
        stack.Length == 0 || BuildCommands.Has(stack, verb),
        "argument.invalid",
        $"There is no such command for {stack} here; use the shell.");

    private static ToolOutput Tell(
        BuildVerb verb, string stack, IReadOnlyList<string> detected, BuildCommand chosen, CommandResult result)
    {
        var report = Read(chosen, result);
        var output = EndOf(result.ErrorOutput, report.Format == BuildReport.Unparsed);
        var status = StatusOf(verb, result, report);

        var isMissed = verb == BuildVerb.Packages && status == "failed" && PackageCaches.Miss(output);
        status = isMissed ? PackageCaches.NotCached : status;
        var page = JsonPage.Write(json =>
        {
            json.WriteString("status", status);
            json.WriteString("stack", stack);

            if (detected.Count > 1)
            {
                var others = detected.Where(each => each != stack);
                json.WriteList("alsoFound", others, (writer, each) => writer.WriteStringValue(each));
            }

            json.WriteString("command", chosen.Line);
            json.WriteIfAny("exitCode", result.ExitCode);
            json.WriteIfAny("endedBy", result.ExitCode is null ? result.Signal ?? result.Limit.ToString() : null);
            json.WriteIfAny("problem", isMissed ? PackageCaches.Code : null);
            json.WriteIfAny("message", isMissed ? PackageCaches.Sentence : null);
            BuildPage.Write(json, verb, report);
            json.WriteString("output", output);
        });
        var isCheck = verb is not (BuildVerb.Format or BuildVerb.Packages) && status is not "no_tests";

        return new ToolOutput(
            page,
            IsError: status != "passed",
            Receipt: new Receipt(chosen.Line, ReceiptCode(status, result), isCheck),
            ChangedView: result.ChangedFiles);
    }

    private static BuildReport Read(BuildCommand chosen, CommandResult result)
    {
        var report = new BuildReport { IsCut = result.Output.IsTruncated };
        var written = TextOf(result.Output);

        if (written.Length == 0 || !ReportReader.TryRead(written, report))
        {
            _ = LibtestText.TryRead(TextOf(result.ErrorOutput), report);
        }

        MessageLines.Read(TextOf(result.ErrorOutput), chosen.HasBareLines && result.ExitCode != 0, report);

        return report;
    }

    private static string StatusOf(BuildVerb verb, CommandResult result, BuildReport report) => result.ExitCode switch
    {
        null => "ended",
        NoTests when verb == BuildVerb.Test && !report.HasTests && report.Errors == 0 => "no_tests",
        not 0 => "failed",
        _ when report.Failed > 0 => "failed",
        _ when verb == BuildVerb.Test && report.Format != BuildReport.Unparsed && !report.HasTests => "no_tests",
        _ => "passed",
    };

    // A report that tells of failures is no receipt for an exit code that does not.
    private static int ReceiptCode(string status, CommandResult result) =>
        status == "passed" ? 0 : result.ExitCode is > 0 and var code ? code : ShellTool.ExitCodeOfKilled;

    private static string TextOf(OutputText output) => Encoding.UTF8.GetString(
        output.IsTruncated ? output.Head.Span : [.. output.Head.Span, .. output.Tail.Span]);

    private static string EndOf(OutputText output, bool isAllThereIs)
    {
        var page = new StringBuilder();
        TerminalText.Append(page, [.. output.Head.Span, .. output.Tail.Span]);
        var text = page.ToString().Trim();
        var charsMax = isAllThereIs ? OutputCharsMax * 2 : OutputCharsMax;

        return text.Length <= charsMax
            ? text
            : $"[… {text.Length - charsMax} characters before]\n{text[^charsMax..]}";
    }
}

/// <summary>What may be chosen of every one of them.</summary>
internal sealed record BuildChoice(string Stack, string Directory, int TimeoutSeconds, string Filter = "")
{
    public void ThrowUnlessValid()
    {
        BuildStacks.ThrowUnlessKnown(Stack);
        Problem.ThrowUnless(
            TimeoutSeconds is >= 0 and <= ShellTool.TimeoutSecondsMax,
            "argument.invalid",
            $"timeoutSeconds is 0 to {ShellTool.TimeoutSecondsMax}.");
        Problem.ThrowUnless(
            Filter.Length <= BuildRun.FilterCharsMax
                && !Filter.StartsWith('-')
                && Filter.All(letter => char.IsLetterOrDigit(letter) || "_.:/*=~ ".Contains(letter)),
            "argument.invalid",
            $"filter has letters, digits and _ . : / * = ~ in it, does not begin with a dash, and has at most"
                + $" {BuildRun.FilterCharsMax} characters.");
    }
}
