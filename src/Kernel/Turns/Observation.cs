using System.Text;

namespace Reeve.Kernel.Turns;

/// <summary>What the model sees of a call, never more than fits.</summary>
public static class Observation
{
    /// <summary>Characters of a whole observation that are kept by reference.</summary>
    public const int FullCharactersMax = 4_000_000;

    /// <summary>A refusal in the one form the model learns: code, reason, what to do.</summary>
    public static string OfRefusal(string code, string reason)
    {
        var advice = code switch
        {
            "gate.denied" =>
                "This run's mandate does not allow it. Do the work another way; do not try to get around it.",
            "tool.unknown" => "Use one of the tools you were given.",
            "hook.denied" or "hook.failed" =>
                "The operator's hook does not allow it. Do the work another way; do not try to get around it.",
            "approval.denied" => "A person said no. Do the work another way.",
            "approval.expired" => "Nobody answered in time. Do what you can without it.",
            "approval.mismatch" => "It is not the action that was approved.",
            "approval.unattended" => "Nobody is there to be asked. Do what you can without it.",
            "run.already_finishing" => "The run is finishing; the call was not run.",
            "call.too_many" => "Too many calls in one turn; ask for fewer at a time.",
            "call.cut" => "Your reply was cut at the output limit, so no call of it was run. Ask again, with less.",
            _ => "",
        };

        return string.Join(' ', new[] { $"refused ({code}):", reason, advice }.Where(part => part.Length > 0));
    }

    /// <summary>Keeps head and tail of a text that is too long, and says how to read the rest.</summary>
    public static string Cut(string text, int charactersMax, string name)
    {
        var half = charactersMax / 2;
        var headEnd = char.IsHighSurrogate(text[half - 1]) ? half - 1 : half;
        var tailStart = text.Length - half;
        tailStart = char.IsLowSurrogate(text[tailStart]) ? tailStart + 1 : tailStart;

        return new StringBuilder(charactersMax + 200)
            .Append(text, 0, headEnd)
            .Append($"\n[truncated: {tailStart - headEnd} of {text.Length} characters are left out here; ")
            .Append($"the recall tool shows them, name \"{name}\", from character {headEnd}]\n")
            .Append(text, tailStart, text.Length - tailStart)
            .ToString();
    }
}
