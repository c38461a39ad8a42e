using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;

namespace Reeve.Kernel.Hooks;

/// <summary>Asks the operator's hooks at the points of a run, in its sandbox.</summary>
/// <remarks>
/// A hook reads one JSON object. It has no opinion (exit code 0 and nothing said), denies (exit code 2, the reason on
/// standard error) or prints <c>{"decision": "ask"|"deny", "reason": …}</c>. Everything else is a failure. What it
/// writes into the tree is taken back.
/// </remarks>
internal sealed class HookActs(RunWorker worker, PlaceActs place) : IDisposable
{
    /// <summary>Characters of a hook's reason that are kept.</summary>
    public const int ReasonCharactersMax = 500;

    private const int DenyingExitCode = 2;

    // Hooks of calls that run side by side share one tree, which is put back after each.
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly HookQuestions _questions = new(worker);

    public async Task<IReadOnlyList<EventDraft>> AskAsync(
        AskHooks step, RunState state, CancellationToken cancellationToken)
    {
        var (input, about) = await _questions.OfAsync(step, state, cancellationToken);
        var terms = worker.Terms.Hooks!;
        var began = worker.Services.Time.GetTimestamp();
        var answer = new Said(HookAnswer.NoOpinion, "", "", about);
        var count = 0;

        foreach (var hook in terms.At(step.Point).Where(hook => hook.Covers(input.Tool ?? "")))
        {
            var said = Fit(await RunAsync(hook, HookQuestions.Encode(input), state, cancellationToken), step.Point);
            var isStricter = said.Answer > answer.Answer || answer is { Answer: HookAnswer.NoOpinion, Code: "" };
            answer = (isStricter ? said : answer) with { Label = answer.Label.Join(said.Label) };
            count++;

            if (answer.Answer == HookAnswer.Deny)
            {
                break;
            }
        }

        var isOfCall = step.Point is HookPoints.BeforeTool or HookPoints.AfterTool;
        var draft = worker.Draft(
            answer.Label, isOfCall ? step.Call.Sequence : step.About, isOfCall ? step.Call : null);
        var took = (long)worker.Services.Time.GetElapsedTime(began).TotalMilliseconds;
        var told = HookWords.Told(step.Point, answer.Answer, answer.Code, answer.Reason);
        return [draft.Of(new HookFinished(
            input.Tool ?? "", count, answer.Answer, answer.Code, draft.Payload(told), took)
        {
            Point = step.Point,
            Tokens = step.Point == HookPoints.BeforeTool || answer.Answer != HookAnswer.Deny
                ? 0 : worker.Services.Tokens.Count(told),
        })];
    }

    public void Dispose() => _one.Dispose();

    private async Task<Said> RunAsync(
        HookTerm hook, byte[] input, RunState state, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);

        try
        {
            var programs = worker.Place!.Grants.OfType<IPrograms>().SingleOrDefault();

            if (programs is null)
            {
                return Failed("there is no sandbox", Label.BuiltIn);
            }

            var command = new Command(hook.Command, Input: input, TimeLimit: TimeSpan.FromSeconds(hook.TimeoutSeconds));
            var ran = await programs.RunAsync(command, onOutput: null, cancellationToken);
            await place.RestoreTreeAsync(state, cancellationToken);
            return Read(ran.Value, ran.Label);
        }
        catch (ProblemException refusal)
        {
            return Failed(refusal.Problem.Code, Label.BuiltIn);
        }
        finally
        {
            _one.Release();
        }
    }

    private Said Read(CommandResult result, Label label)
    {
        if (result is { ExitCode: DenyingExitCode, Limit: CommandLimit.None })
        {
            return new Said(HookAnswer.Deny, "hook.denied", Reason(TextOf(result.ErrorOutput)), label);
        }

        if (result is not { ExitCode: 0, Limit: CommandLimit.None })
        {
            return Failed(result.Limit == CommandLimit.None ? $"exit {result.ExitCode}" : $"limit {result.Limit}",
                label);
        }

        var text = TextOf(result.Output).Trim();

        if (text.Length == 0)
        {
            return new Said(HookAnswer.NoOpinion, "", "", label);
        }

        return Parse(text) switch
        {
            { Decision: "deny" } said => new Said(HookAnswer.Deny, "hook.denied", Reason(said.Reason ?? ""), label),
            { Decision: "ask" } said when worker.Terms.Hooks!.CanAsk =>
                new Said(HookAnswer.Ask, "", Reason(said.Reason ?? ""), label),
            { Decision: "ask" } said => new Said(HookAnswer.Deny, "approval.unattended", Reason(said.Reason ?? ""),
                label),

            // A yes of a hook is no opinion: the gate alone allows.
            { Decision: "allow" or "none" } => new Said(HookAnswer.NoOpinion, "", "", label),
            _ => Failed("its answer cannot be read", label),
        };
    }

    private Said Failed(string how, Label label) => worker.Terms.Hooks!.DeniesOnFailure
        ? new Said(
            HookAnswer.Deny, "hook.failed", $"A hook of the operator failed ({how}), and then nothing is allowed.",
            label)
        : new Said(HookAnswer.NoOpinion, "hook.failed", $"A hook failed ({how}) and is passed over.", label);

    private static HookReply? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, HookShapes.Default.HookReply);
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>One line of plain text, said to be a hook's.</summary>
    private string Reason(string text)
    {
        var line = string.Concat(text.Trim().Select(letter => char.IsControl(letter) || IsDirection(letter) ? ' '
            : letter));
        var head = line.Length > ReasonCharactersMax ? line[..ReasonCharactersMax] + "…" : line;
        return worker.Redact($"A hook of the operator says: \"{head}\"");
    }

    private static bool IsDirection(char letter) =>
        char.GetUnicodeCategory(letter) is System.Globalization.UnicodeCategory.Format
            or System.Globalization.UnicodeCategory.LineSeparator
            or System.Globalization.UnicodeCategory.ParagraphSeparator
            or System.Globalization.UnicodeCategory.Surrogate;

    private static string TextOf(OutputText output) => Encoding.UTF8.GetString(output.Head.Span)
        + Encoding.UTF8.GetString(output.Tail.Span);

    // Only a call that has not begun can still be put to a person.
    private static Said Fit(Said said, HookPoints point) =>
        said.Answer == HookAnswer.Ask && point != HookPoints.BeforeTool
            ? said with { Answer = HookAnswer.Deny, Code = "hook.denied" } : said;

    private sealed record Said(HookAnswer Answer, string Code, string Reason, Label Label);
}

/// <summary>What a hook may print.</summary>
internal sealed record HookReply(string? Decision, string? Reason);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HookInput))]
[JsonSerializable(typeof(HookReply))]
internal sealed partial class HookShapes : JsonSerializerContext;
