using System.CommandLine;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;

namespace Reeve.Cli.Commands;

/// <summary>The rules that were approved for a folder or for good.</summary>
internal sealed class PermissionsCommand : Command
{
    public PermissionsCommand(World world)
        : base("permissions", "List or revoke what was approved for a folder or for good.")
    {
        Add(new ListCommand(world));
        Add(new RevokeCommand(world));
    }

    private sealed class ListCommand : ReeveCommand
    {
        private readonly Option<bool> _json = Flags.Json("Print one JSON array.");

        public ListCommand(World world)
            : base("list", "List the rules that are not asked about any more.", world) => Add(_json);

        protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop) => WithHostAsync(
            ReadSettings(),
            host =>
            {
                var kept = host.KeptRules();

                if (parse.GetValue(_json))
                {
                    World.Terminal.Out(JsonSerializer.Serialize(
                        [.. kept.Select(KeptRuleDocument.Of)], Documents.Default.KeptRuleDocumentArray));
                    return Task.FromResult(ExitCode.Ok);
                }

                foreach (var rule in kept)
                {
                    World.Terminal.Out(new Piece(InertText.OneLine(rule.Rule, 500), Style.Bold), new Piece(
                        $"  {(rule.Workspace is null ? "always" : InertText.OneLine(rule.Workspace, 300))}"
                        + $" · {InertText.OneLine(rule.By, 60)} · {rule.At.ToLocalTime():yyyy-MM-dd HH:mm}",
                        Style.Dim));
                }

                if (kept.Count == 0)
                {
                    World.Terminal.Error("Nothing was approved for longer than one run.");
                }

                return Task.FromResult(ExitCode.Ok);
            },
            stop);
    }

    private sealed class RevokeCommand : ReeveCommand
    {
        private readonly Argument<string> _rule = new("RULE")
        {
            Description = "The rule, as `reeve permissions list` shows it.",
        };

        public RevokeCommand(World world)
            : base("revoke", "Ask again about what a rule covers, also in runs that are not finished.", world) =>
            Add(_rule);

        protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop) => WithHostAsync(
            ReadSettings(),
            async host =>
            {
                var removed = await host.RevokeAsync(parse.GetValue(_rule)!, stop);
                Problem.ThrowUnless(
                    removed > 0, "approval.not_found",
                    "No such rule was kept; runs that had approved it for themselves were told.");
                World.Terminal.Out("✓ revoked; it is asked about again");
                return ExitCode.Ok;
            },
            stop);
    }
}
