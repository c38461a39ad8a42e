using System.Text.Json;
using Reeve.Authority.Mandates;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;

namespace Reeve.Cli.Live;

/// <summary>Writes one JSON object a line: every entry of the journal, and that something is arriving between
/// them.</summary>
/// <remarks>
/// A delta carries the kind and the name of a tool, never text of the model or a command: half a secret cannot be
/// redacted. The whole text follows in its entry, redacted.
/// </remarks>
internal sealed class StreamView(Terminal terminal) : IRunObserver
{
    public void OnEntry(RunEvent entry, RunState state, Func<PayloadRef, string> textOf) =>
        terminal.Out(EntryText.ToJson(entry, textOf));

    public void OnDelta(ModelDelta delta)
    {
        if (delta.Kind == ModelDeltaKind.ToolCall)
        {
            Write(new DeltaDocument("delta.tool_call", InertText.OneLine(delta.Text, 60)));
        }
        else
        {
            Write(new DeltaDocument(delta.Kind == ModelDeltaKind.Reasoning ? "delta.reasoning" : "delta.text", ""));
        }
    }

    public void OnOutput(CallId call, OutputChunk chunk) => Write(new DeltaDocument("delta.output", ""));

    private void Write(DeltaDocument delta) =>
        terminal.Out(JsonSerializer.Serialize(delta, Documents.Default.DeltaDocument));
}
