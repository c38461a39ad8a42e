using System.Text;

namespace Reeve.Cli.Screen;

/// <summary>The only way to the screen: everything written through it is inert, and only it writes escape
/// codes.</summary>
/// <remarks>Results go to standard output, progress to standard error. Safe to be written to from several
/// threads.</remarks>
internal sealed class Terminal(
    TextWriter output, TextWriter error, TextReader input, TerminalTraits traits, ISurface? surface = null)
{
    private const string ClearLine = "\r\u001b[2K";

    private readonly Lock _lock = new();
    private string _status = "";

    public TerminalTraits Traits => traits;

    /// <summary>True when a person can be asked and will see the question.</summary>
    public bool CanAsk => traits.IsInputTerminal && traits.IsErrorTerminal;

    /// <summary>True where a line can be shown that is replaced and never kept.</summary>
    public bool HasStatus => surface is not null || traits is { IsErrorTerminal: true, HasErrorColor: true };

    public void Out(params ReadOnlySpan<Piece> pieces) => Write(output, traits.HasOutputColor, pieces, endsLine: true);

    public void Error(params ReadOnlySpan<Piece> pieces) => Write(error, traits.HasErrorColor, pieces, endsLine: true);

    /// <summary>Asks on standard error; the answer is read from standard input, null at its end.</summary>
    public Task<string?> AskAsync(CancellationToken cancellationToken, params ReadOnlySpan<Piece> question)
    {
        if (surface is not null)
        {
            return surface.AskAsync(string.Concat(question.ToArray().Select(piece => piece.Text)), cancellationToken);
        }

        Write(error, traits.HasErrorColor, question, endsLine: false);

        // Reading a terminal cannot be interrupted, so the wait for it is what ends.
        return Task.Run(input.ReadLine, cancellationToken).WaitAsync(cancellationToken);
    }

    /// <summary>Standard input to its end.</summary>
    /// <returns>Null when there is more than <paramref name="lengthMax"/> characters.</returns>
    public async Task<string?> ReadInputAsync(int lengthMax, CancellationToken cancellationToken)
    {
        var buffer = new char[lengthMax + 1];
        var count = await input.ReadBlockAsync(buffer, cancellationToken);
        return count > lengthMax ? null : new string(buffer, 0, count);
    }

    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken) =>
        await input.ReadLineAsync(cancellationToken);

    /// <summary>What standard input has next, as it came; 0 at its end. Never mixed with the reads of text.</summary>
    public async Task<int> ReadBytesAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (input is StreamReader { BaseStream: var stream })
        {
            return await stream.ReadAsync(buffer, cancellationToken);
        }

        var text = new char[buffer.Length / 4];
        var count = await input.ReadBlockAsync(text, cancellationToken);
        return Encoding.UTF8.GetBytes(text.AsSpan(0, count), buffer.Span);
    }

    /// <summary>A line at the bottom that is replaced and never kept; nothing where no terminal is.</summary>
    public void Status(string text)
    {
        if (surface is not null)
        {
            surface.Status(text);
            return;
        }

        if (!HasStatus)
        {
            return;
        }

        lock (_lock)
        {
            _status = InertText.OneLine(text, Math.Max(20, traits.Width - 4));
            DrawStatus();
        }
    }

    /// <summary>Bytes for a program that reads them. Refused by callers where a terminal would.</summary>
    public void OutVerbatim(string text)
    {
        lock (_lock)
        {
            output.Write(text);
        }
    }

    /// <summary>Output of a program: as it is for a program that reads it, inert on a terminal.</summary>
    public void OutBytes(ReadOnlySpan<byte> bytes, bool isError)
    {
        var isTerminal = isError ? traits.IsErrorTerminal : traits.IsOutputTerminal;
        var writer = isError ? error : output;

        lock (_lock)
        {
            if (!isTerminal && writer is StreamWriter { BaseStream: var stream })
            {
                writer.Flush();
                stream.Write(bytes);
                return;
            }

            writer.Write(InertText.Of(Encoding.UTF8.GetString(bytes)));
            writer.Flush();
        }
    }

    public void Flush()
    {
        lock (_lock)
        {
            output.Flush();
            error.Flush();
        }
    }

    private void Write(TextWriter writer, bool hasColor, ReadOnlySpan<Piece> pieces, bool endsLine)
    {
        var line = new StringBuilder();

        foreach (var piece in pieces)
        {
            var code = hasColor ? Ansi.CodeOf(piece.Style) : "";
            line.Append(code).Append(InertText.Of(piece.Text)).Append(code.Length > 0 ? Ansi.Reset : "");
        }

        lock (_lock)
        {
            if (_status.Length > 0)
            {
                error.Write(ClearLine);
            }

            writer.Write(endsLine ? line.Append('\n') : line);

            if (_status.Length > 0 && endsLine)
            {
                DrawStatus();
            }

            writer.Flush();
        }
    }

    private void DrawStatus()
    {
        error.Write(ClearLine);
        error.Write($"{Ansi.CodeOf(Style.Dim)}{_status}{Ansi.Reset}");

        if (_status.Length == 0)
        {
            error.Write(ClearLine);
        }

        error.Flush();
    }
}
