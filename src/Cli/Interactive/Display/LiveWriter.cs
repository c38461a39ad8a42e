using System.Text;

namespace Reeve.Cli.Interactive.Display;

/// <summary>Lets a terminal write above the live area as it would write to a stream.</summary>
internal sealed class LiveWriter(LiveArea area) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => area.Print([value]);

    public override void Write(string? value) => area.Print(value);

    public override void Write(ReadOnlySpan<char> buffer) => area.Print(buffer);

    public override void Write(char[] buffer, int index, int count) => area.Print(buffer.AsSpan(index, count));

    public override void Write(StringBuilder? value) => area.Print(value?.ToString());
}
