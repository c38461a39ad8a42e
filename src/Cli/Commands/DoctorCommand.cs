using System.CommandLine;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Cli.Operator;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Hosting.Configuration;

namespace Reeve.Cli.Commands;

/// <summary>Finds what keeps Reeve from working here, and says what mends it.</summary>
internal sealed class DoctorCommand : ReeveCommand
{
    private readonly Option<bool> _json = Flags.Json("Print one JSON array.");
    private readonly Option<bool> _deep = Flags.Switch("--deep", "Attack the sandbox too, as before its first use.");

    public DoctorCommand(World world)
        : base("doctor", "Find what is wrong on this machine, and how to mend it.", world)
    {
        Add(_json);
        Add(_deep);
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var findings = await FindAsync(parse.GetValue(_deep), stop);

        if (parse.GetValue(_json))
        {
            World.Terminal.Out(JsonSerializer.Serialize(
                [.. findings.Select(finding => new FindingDocument(
                    finding.Name, finding.IsWell, finding.Message, finding.IsWell ? null : finding.Remedy))],
                Documents.Default.FindingDocumentArray));
        }
        else
        {
            findings.ForEach(Write);
        }

        return findings.All(finding => finding.IsWell) ? ExitCode.Ok : ExitCode.Error;
    }

    private async Task<List<Finding>> FindAsync(bool isDeep, CancellationToken stop)
    {
        var findings = new List<Finding>();
        Settings settings;

        try
        {
            settings = ReadSettings();
        }
        catch (ProblemException refusal)
        {
            return [Ill("configuration", refusal.Problem, "mend the key it names, then: reeve config show")];
        }

        findings.Add(new Finding("configuration", true, "every key is known and has a value of its type", ""));
        findings.Add(OfModel(settings));
        findings.Add(OfHome(settings));
        findings.AddRange(await World.Tools.DiagnoseAsync(settings, isDeep, stop));
        return findings;
    }

    private static Finding OfModel(Settings settings)
    {
        const string Subject = "model";

        if (settings.Model is not { } model)
        {
            return new Finding(Subject, false, "no model is configured",
                "export REEVE_MODEL=openai/NAME   or pass --model");
        }

        var provider = settings.Providers.GetValueOrDefault(model.Split('/')[0]);
        var isLocal = provider?.BaseUrl is not null || model.StartsWith("scripted/", StringComparison.Ordinal)
            || model.StartsWith("ollama/", StringComparison.Ordinal);
        var hasKey = provider?.ApiKey is not null || provider?.ApiKeyFile is not null;
        var variable = $"{model.Split('/')[0].ToUpperInvariant()}_API_KEY";

        return isLocal || hasKey
            ? new Finding(Subject, true, model, "")
            : new Finding(Subject, false, $"{model} has no key", $"export {variable}=…   or set models.*.apiKeyFile");
    }

    private static Finding OfHome(Settings settings)
    {
        try
        {
            ConfigurationFiles.MakeHome(settings.Home);
            return new Finding("data directory", true, "it exists and can be written", "");
        }
        catch (ProblemException refusal)
        {
            return Ill("data directory", refusal.Problem, "export REEVE_HOME=… to a folder you can write to");
        }
    }

    private static Finding Ill(string name, Problem problem, string remedy) =>
        new(name, false, problem.ToString(), remedy);

    private void Write(Finding finding)
    {
        World.Terminal.Out(
            new Piece(finding.IsWell ? "✓ " : "✗ ", finding.IsWell ? Style.Good : Style.Bad),
            new Piece($"{finding.Name,-16}", Style.Bold), finding.Message);

        if (!finding.IsWell)
        {
            World.Terminal.Out(new Piece("    → ", Style.Accent), finding.Remedy);
        }
    }
}
