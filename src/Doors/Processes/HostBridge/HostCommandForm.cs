using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;

namespace Reeve.Doors.Processes.HostBridge;

/// <summary>One command that the operator allows on the machine: an absolute program and the shape of its
/// arguments.</summary>
/// <remarks>
/// Written as <c>/usr/bin/git push {name} {name}</c>: a word stands for itself, <c>[word]</c> may be left out,
/// <c>{name}</c>, <c>{path}</c>, <c>{number}</c> and <c>{text}</c> are operands, and <c>*</c> behind the last of them
/// means any number. No operand begins with a dash. A form whose own words start or write something by the table of
/// known programs is refused when it is read.
/// </remarks>
public sealed class HostCommandForm
{
    public const int FormCharsMax = 2_000;
    public const int OperandCharsMax = 2_000;
    public const int ArgumentsMax = 200;

    private static readonly string[] s_operands = ["{name}", "{path}", "{number}", "{text}"];

    private readonly string[] _parts;

    private HostCommandForm(string binary, string[] parts)
    {
        Binary = binary;
        _parts = parts;
    }

    public string Binary { get; }

    /// <summary>What an agent calls it, and what rules speak of.</summary>
    public string Program => Binary[(Binary.LastIndexOf('/') + 1)..];

    /// <summary>As it is shown to an agent, without the place of the program.</summary>
    public string Shown => string.Join(' ', [Program, .. _parts]);

    /// <exception cref="ProblemException"><c>host.form_invalid</c>.</exception>
    public static HostCommandForm Parse(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        ThrowUnless(
            text.Length <= FormCharsMax && words.Length > 0 && words.Length <= ArgumentsMax
                && words[0].StartsWith('/') && !words[0].Split('/').Contains("..") && !words[0].EndsWith('/'),
            "names the program by its absolute path, as /usr/bin/git push {name} {name}");
        var form = new HostCommandForm(words[0], words[1..]);
        ThrowUnless(
            form.Program.All(letter => char.IsAsciiLetterOrDigit(letter) || "._+-".Contains(letter)),
            "has a program with a plain name");

        for (var index = 0; index < form._parts.Length; index++)
        {
            var part = form._parts[index];
            var isOperand = s_operands.Contains(part.TrimEnd('*'));
            ThrowUnless(
                isOperand || part.AsSpan().IndexOfAny("{}*\"'\\$`;|&<>()") < 0,
                "has words, [words], {name}, {path}, {number} and {text} in it");
            ThrowUnless(
                !isOperand || !part.EndsWith('*') || index == form._parts.Length - 1,
                "has * behind its last operand only");
        }

        form.ThrowIfItDoesMore();

        return form;
    }

    /// <summary>Whether the arguments are of this shape.</summary>
    public bool Fits(IReadOnlyList<string> arguments) => arguments.Count <= ArgumentsMax && Fits(arguments, 0, 0);

    private bool Fits(IReadOnlyList<string> arguments, int argument, int part)
    {
        if (part == _parts.Length)
        {
            return argument == arguments.Count;
        }

        var shape = _parts[part];

        if (shape.EndsWith('*'))
        {
            return arguments.Skip(argument).All(each => IsOperand(shape[..^1], each));
        }

        if (shape is ['[', .. var optional, ']'])
        {
            var isGiven = argument < arguments.Count && arguments[argument] == optional;

            return (isGiven && Fits(arguments, argument + 1, part + 1)) || Fits(arguments, argument, part + 1);
        }

        return argument < arguments.Count
            && (s_operands.Contains(shape) ? IsOperand(shape, arguments[argument]) : arguments[argument] == shape)
            && Fits(arguments, argument + 1, part + 1);
    }

    private static bool IsOperand(string shape, string text) =>
        text.Length is > 0 and <= OperandCharsMax
        && text[0] != '-'
        && !text.Any(char.IsControl)
        && shape switch
        {
            "{number}" => text.All(char.IsAsciiDigit),
            "{name}" => IsName(text),
            "{path}" => text[0] is not ('/' or '~') && !text.Contains(':', StringComparison.Ordinal)
                && !text.Split('/').Contains("..") && !text.Split('/').Contains(".git"),
            "{text}" => true,
            _ => false,
        };

    // No colon: it names a remote place or another branch. No plus: it forces.
    private static bool IsName(string text) =>
        (char.IsAsciiLetterOrDigit(text[0]) || text[0] == '_')
        && !text.Contains("..", StringComparison.Ordinal)
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || "._/-@".Contains(letter));

    // A person who allows the program altogether still would not have allowed this.
    private void ThrowIfItDoesMore()
    {
        var mandate = Mandate.Default("form", "operator", canAsk: true) with
        {
            Rules = [RuleSyntax.Parse($"Bash({Program}:*)", Decision.Allow, RuleTier.User)],
            Ceiling = CeilingText.Of(Label.LeastTrusted),
        };
        var sample = string.Join(' ', [Program, .. _parts.Select(part => part switch
        {
            ['[', .. var optional, ']'] => optional,
            "{number}" or "{number}*" => "1",
            _ when part.StartsWith('{') => "x",
            _ => part,
        })]);

        ThrowUnless(
            new PolicyEngine(mandate).JudgeCommand(sample).Verdict.IsAllowed,
            "has no option that starts another program or writes elsewhere; the table of known programs says that one"
                + " of its words does");
    }

    private static void ThrowUnless(bool holds, string what) =>
        Problem.ThrowUnless(holds, "host.form_invalid", $"A form of hostBridge.commands {what}.");
}
