namespace Reeve.Authority.Mandates;

/// <summary>The answer to a request: its head, and its body as a stream that ends at the limits.</summary>
/// <param name="headers">Names in lower case; several fields of one name joined with a comma.</param>
/// <param name="body">Decompressed; owned by the response. Its failures are <see cref="ReachException"/>s.</param>
public sealed class ReachResponse(int status, IReadOnlyDictionary<string, string> headers, Stream body)
    : IAsyncDisposable
{
    public int Status { get; } = status;

    public IReadOnlyDictionary<string, string> Headers { get; } = headers;

    public Stream Body { get; } = body;

    public string Header(string name) => Headers.TryGetValue(name, out var value) ? value : string.Empty;

    public ValueTask DisposeAsync() => Body.DisposeAsync();
}
