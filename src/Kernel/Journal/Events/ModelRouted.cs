using Reeve.Kernel.Models;

namespace Reeve.Kernel.Journal.Events;

/// <summary>From here on another model of the chain is asked, at its own price.</summary>
/// <param name="Failures">How many failures were counted since the model before was chosen.</param>
public sealed record ModelRouted(int From, int To, RouteReason Reason, int Failures) : EventBody
{
    public const string WireName = "model.routed";
}
