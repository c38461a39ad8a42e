using Reeve.Kernel.Models;

namespace Reeve.Tests.Shared;

/// <summary>A model nobody may call.</summary>
public sealed class UnreachableModel : IModel
{
    public string Name => "test/unreachable";

    public Task<ModelReply> CallAsync(
        ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("The model was called.");
}
