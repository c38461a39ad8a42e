namespace Reeve.Authority.Policy;

/// <summary>What the readers of one line and of the texts nested in it have found together.</summary>
internal sealed class ShellFindings
{
    private string _doubt = "";

    public List<SimpleCommand> Commands { get; } = [];

    public ShellVariables Variables { get; } = new();

    public bool DefinesFunctions { get; set; }

    /// <summary>A program of it gets code in an argument or through a pipe, which may start anything.</summary>
    public bool HidesCode { get; set; }

    public bool IsFull => Commands.Count >= ShellGrammar.CommandsMax;

    /// <summary>Says that some of the line was not understood; the first reason is kept.</summary>
    public void Doubt(string reason) => _doubt = _doubt.Length > 0 ? _doubt : reason;

    public void Add(SimpleCommand command)
    {
        if (IsFull)
        {
            Doubt("it has too many parts");
            return;
        }

        Commands.Add(command);
        ShellBuiltins.TakeVariables(command, Variables);
    }

    public ShellLine ToLine()
    {
        if (IsFull)
        {
            Doubt("it has too many parts");
        }

        if (Variables.FirstNotNumber() is not null)
        {
            Doubt("it computes with a variable that may hold more than a number");
        }

        return new ShellLine(_doubt.Length == 0 && !HidesCode, [.. Commands])
        {
            Doubt = _doubt,
            HidesCode = HidesCode,
            DefinesFunctions = DefinesFunctions,
            Variables = Variables,
        };
    }
}
