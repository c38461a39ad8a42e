using System.Collections.Immutable;
using Reeve.Authority.Labels;
using Reeve.Kernel.Evidence;

namespace Reeve.Kernel.Tools;

/// <summary>What a tool says back. One label covers all of it; without one it is least trusted.</summary>
/// <remarks>The invoker joins the label of the call to it: an answer tells of its question.</remarks>
/// <param name="IsError">The call did not do what was asked, as a command that exited non-zero.</param>
/// <param name="Receipt">What a check that really ran can show for itself.</param>
/// <param name="ChangedView">False only when the tool is certain that it left the view as it was.</param>
public sealed record ToolOutput(
    string Text,
    Label Label = default,
    bool IsError = false,
    Receipt? Receipt = null,
    bool ChangedView = false)
{
    public static ToolOutput Of(Labeled<string> text) => new(text.Value, text.Label);
}
