using System.Text;
using Reeve.Doors.Terminals;

namespace Reeve.Cli.Screen;

/// <summary>Opens the terminal of this process. NO_COLOR (no-color.org) and TERM=dumb are honoured.</summary>
internal static class StandardStreams
{
    private const int BufferBytes = 16 * 1024;
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static Terminal Open(IReadOnlyDictionary<string, string> environment)
    {
        var output = new StreamWriter(Console.OpenStandardOutput(), s_utf8, BufferBytes) { AutoFlush = false };
        var error = new StreamWriter(Console.OpenStandardError(), s_utf8, BufferBytes) { AutoFlush = false };
        var input = new StreamReader(Console.OpenStandardInput(), s_utf8);
        return new Terminal(output, error, input, Traits(environment));
    }

    private static TerminalTraits Traits(IReadOnlyDictionary<string, string> environment)
    {
        var isOutput = !Console.IsOutputRedirected;
        var isError = !Console.IsErrorRedirected;
        var canMove = environment.GetValueOrDefault("TERM") is not ("dumb" or null);
        var mayColor = canMove && !(environment.GetValueOrDefault("NO_COLOR") is { Length: > 0 });

        return new TerminalTraits(
            !Console.IsInputRedirected, isOutput, isError, isOutput && mayColor, isError && mayColor,
            isError ? RawTerminal.Size.Columns : 80)
        {
            CanMove = canMove,
        };
    }
}
