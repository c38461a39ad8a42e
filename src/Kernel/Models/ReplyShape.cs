namespace Reeve.Kernel.Models;

/// <summary>What a reply means for the run.</summary>
public enum ReplyShape
{
    /// <summary>Neither text nor calls.</summary>
    Empty = 0,

    /// <summary>Asks for tools.</summary>
    Calls,

    /// <summary>Text only: the agent says that it is done.</summary>
    Final,

    /// <summary>Cut by the limit on output: it goes on in the next turn.</summary>
    Cut,

    /// <summary>The model, or a filter of its provider, declines.</summary>
    Declined,
}
