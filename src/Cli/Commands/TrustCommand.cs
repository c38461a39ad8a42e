using System.CommandLine;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Cli.Live;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Hosting.Permissions;

namespace Reeve.Cli.Commands;

/// <summary>Decides whether what a folder brings along is used: its policy, hooks, environment and servers.</summary>
internal sealed class TrustCommand : ReeveCommand
{
    private readonly Option<bool> _list = Flags.Switch("--list", "List the folders that are trusted.");
    private readonly Option<bool> _revoke = Flags.Switch("--revoke", "Trust this folder no more.");
    private readonly Option<bool> _show = Flags.Switch("--show", "Only show what would be trusted.");
    private readonly Option<bool> _json = Flags.Json("Print one JSON object, or an array with --list.");
    private readonly Option<string?> _folder = Flags.Folder();

    public TrustCommand(World world)
        : base("trust", "Trust what this folder brings: its policy, hooks, environment and servers.", world)
    {
        foreach (var option in (Option[])[_list, _revoke, _show, _json, _folder])
        {
            Add(option);
        }
    }

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var settings = ReadSettings();
        var trust = World.Tools.TrustOf(settings);

        if (parse.GetValue(_list))
        {
            List(trust, parse.GetValue(_json));
            return Task.FromResult(ExitCode.Ok);
        }

        var workspace = WorkspaceOf(parse, _folder);

        if (parse.GetValue(_revoke))
        {
            Problem.ThrowUnless(trust.Revoke(workspace), "usage.not_trusted", "This folder was not trusted.");
            Report(workspace, trust.Look(workspace), parse.GetValue(_json));
            return Task.FromResult(ExitCode.Ok);
        }

        var folder = trust.Look(workspace);

        if (parse.GetValue(_show))
        {
            if (!parse.GetValue(_json))
            {
                new TrustPrompt(World, settings).Show(folder);
            }
        }
        else if (folder.State is TrustState.Untrusted or TrustState.Changed)
        {
            // A policy that cannot be read would stop each run that uses it.
            if (folder.Files.TryGetValue(".reeve/policy.yaml", out var bytes))
            {
                _ = PolicyText.Parse(bytes, Authority.Policy.RuleTier.Workspace, "policy of the workspace");
            }

            trust.Trust(workspace, folder);
            folder = trust.Look(workspace);
        }

        Report(workspace, folder, parse.GetValue(_json));
        return Task.FromResult(ExitCode.Ok);
    }

    private void List(WorkspaceTrust trust, bool isJson)
    {
        var folders = trust.List();

        if (isJson)
        {
            World.Terminal.Out(JsonSerializer.Serialize(
                [.. folders.Select(known => new TrustDocument(known.Workspace, "pinned", known.Files, []))],
                Documents.Default.TrustDocumentArray));
            return;
        }

        foreach (var (workspace, at, files) in folders)
        {
            World.Terminal.Out(new Piece(InertText.OneLine(workspace, 300), Style.Bold), new Piece(
                $"  {at.ToLocalTime():yyyy-MM-dd HH:mm}  {string.Join(", ", files)}", Style.Dim));
        }

        if (folders.Count == 0)
        {
            World.Terminal.Error("No folder is trusted.");
        }
    }

    private void Report(string workspace, TrustedFolder folder, bool isJson)
    {
        if (isJson)
        {
            World.Terminal.Out(JsonSerializer.Serialize(
                new TrustDocument(workspace, WordOf(folder.State), [.. folder.Files.Keys], folder.Changed),
                Documents.Default.TrustDocument));
            return;
        }

        World.Terminal.Out(folder.State switch
        {
            TrustState.Trusted => $"✓ trusted, as they are now: {string.Join(", ", folder.Files.Keys)}",
            TrustState.NothingToTrust => "This folder brings nothing that would have to be trusted.",
            TrustState.Changed => $"! not used, it changed: {string.Join(", ", folder.Changed)}",
            _ => $"! not trusted: {string.Join(", ", folder.Changed)}",
        });
    }

    private static string WordOf(TrustState state) => state switch
    {
        TrustState.Trusted => "trusted",
        TrustState.Changed => "changed",
        TrustState.NothingToTrust => "nothing_to_trust",
        _ => "untrusted",
    };
}
