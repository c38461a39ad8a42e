using System.ComponentModel;
using System.Text;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Files;

/// <summary>Lets an agent see what the run has changed so far, or how two files differ.</summary>
public sealed class DiffTool() : Tool<DiffTool.Arguments>(ToolShapes.Default)
{
    public const int OutputCharsMax = 100_000;

    public sealed record Arguments(
        [property: Description("Only changes at or below this path; with other, the first of two files.")]
        string Path = ".",
        [property: Description("A second file, to compare the two; empty to see what this run changed.")]
        string Other = "");

    public override ToolSpec Spec { get; } = new(
        Name: "diff",
        Summary: "Shows as a unified diff what this run has changed since it began, or with other how two files of "
            + "the workspace differ.",
        EffectClass: EffectClass.Pure,
        Needs: [typeof(IViewChanges), typeof(IWorkspaceFiles), typeof(IPrograms)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) => arguments.Other.Length == 0
        ? [new Effect(EffectKind.ReadFile, arguments.Path)]
        : [new Effect(EffectKind.ReadFile, arguments.Path), new Effect(EffectKind.ReadFile, arguments.Other)];

    protected override Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken) => arguments.Other.Length == 0
        ? OfViewAsync(arguments, context, cancellationToken)
        : OfFilesAsync(arguments, context, cancellationToken);

    private static async Task<ToolOutput> OfViewAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        var files = context.Grant<IWorkspaceFiles>();
        var label = files.Stat(".").Label;
        _ = Shown(files, arguments.Path, out _, throws: true);
        var changes = await context.Grant<IViewChanges>().ListAsync(cancellationToken);
        var page = new StringBuilder();
        var hidden = 0;

        foreach (var change in changes.Where(change => IsBelow(change.Path, arguments.Path)))
        {
            if (!Shown(files, change.Path, out var ofFile, throws: false))
            {
                hidden++;
                continue;
            }

            label = label.Join(ofFile);
            page.Append($"{change.Kind} {change.Path} (+{change.Added} -{change.Removed})\n");
            page.Append(change.UnifiedDiff);
            page.Append(page[^1] == '\n' ? "" : "\n");
        }

        var left = page.Length - OutputCharsMax;
        page.Length = Math.Min(page.Length, OutputCharsMax);
        page.Append(left > 0 ? $"\n[{left} characters more; name a path]\n" : "");
        page.Append(page.Length == 0 ? "[nothing has changed]\n" : "");
        page.Append(hidden > 0 ? $"[{hidden} changed files are not shown to this run]\n" : "");

        return new ToolOutput(page.ToString(), label);
    }

    private static async Task<ToolOutput> OfFilesAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        var files = context.Grant<IWorkspaceFiles>();

        foreach (var path in (string[])[arguments.Path, arguments.Other])
        {
            Problem.ThrowUnless(
                files.Stat(path).Value.Kind == FileKind.Regular, "file.not_regular", "Only files are compared.");
        }

        var ended = await context.Grant<IPrograms>().RunAsync(
            new Command(["diff", "-u", "--", arguments.Path, arguments.Other]), onOutput: null, cancellationToken);
        var result = ended.Value;
        Problem.ThrowUnless(
            result.ExitCode is 0 or 1, "diff.failed", "The files could not be compared; they may be too large.");
        var text = Encoding.UTF8.GetString([.. result.Output.Head.Span, .. result.Output.Tail.Span]);

        return new ToolOutput(
            result.ExitCode == 0 ? "[the files are the same]\n"
                : result.Output.IsTruncated ? text + "\n[the middle is left out]\n" : text,
            ended.Label);
    }

    private static bool Shown(IWorkspaceFiles files, string path, out Label label, bool throws)
    {
        label = Label.BuiltIn;

        try
        {
            label = files.Stat(path).Label;
            return true;
        }
        catch (ProblemException refusal) when (refusal.Problem.Code == "file.not_found")
        {
            // It was deleted, which is a change like others.
            return true;
        }
        catch (ProblemException) when (!throws)
        {
            return false;
        }
    }

    private static bool IsBelow(string path, string folder)
    {
        var start = folder.TrimEnd('/');
        start = start.StartsWith("./", StringComparison.Ordinal) ? start[2..] : start;

        return start is "." or "" || path == start || path.StartsWith(start + "/", StringComparison.Ordinal);
    }
}
