namespace Reeve.Kernel.Models;

/// <summary>A language model. One call is one attempt: retries are planned, reserved and journaled by the
/// run.</summary>
public interface IModel
{
    /// <summary>As <c>provider/name</c>.</summary>
    string Name { get; }

    /// <summary>Sends one request and returns the complete reply.</summary>
    /// <remarks>
    /// A reply that was cut short is a failure and never a reply: no tool call of it may run. Deltas are for the
    /// live view only. Cancelling ends the request before this returns. Whoever works long before it first awaits,
    /// as a model in this process, yields first: the run hears nobody meanwhile.
    /// </remarks>
    /// <exception cref="ModelCallException">The attempt failed; it says whether trying again may help.</exception>
    Task<ModelReply> CallAsync(
        ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken);
}
