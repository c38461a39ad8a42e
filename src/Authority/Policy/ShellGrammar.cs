namespace Reeve.Authority.Policy;

/// <summary>Splits a shell line into the simple commands it would start.</summary>
/// <remarks>
/// A conservative reading of the POSIX shell command language (POSIX.1-2017, XCU chapter 2) with the bash
/// additions people use: lists, pipes, groups, conditions, loops, functions, substitutions, arithmetic, here
/// documents and every way of quoting are followed, and so are programs whose work is to start another
/// (<c>env</c>, <c>sh -c</c>, <c>xargs</c>). Whatever it does not know makes the line not understood; it never
/// guesses that something is harmless. It is one pass over the line, with bounds.
/// </remarks>
public static class ShellGrammar
{
    public const int LineCharsMax = 64 * 1024;
    public const int CommandsMax = 512;
    public const int DepthMax = 8;

    /// <summary>How deep groups, conditions and quotes may lie in each other within one text.</summary>
    internal const int LevelsMax = 40;

    public static ShellLine Parse(string line)
    {
        var found = new ShellFindings();

        if (line.Length > LineCharsMax)
        {
            found.Doubt("it is too long");
        }
        else
        {
            new ShellReader(line, found, depth: 0).ReadAll();
        }

        return found.ToLine();
    }
}
