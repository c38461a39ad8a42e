using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Models;
using Reeve.Models.Streams;

namespace Reeve.Models.Exchange;

/// <summary>One attempt over HTTP: sends the request, feeds the stream to a reader, and names what went
/// wrong.</summary>
/// <remarks>
/// A reply exists only when the provider said that it is complete. A server that answers a streaming request
/// with one whole document is understood as well.
/// </remarks>
internal sealed class ModelExchange(IReach reach, ModelTimeouts timeouts, TimeProvider time)
{
    /// <summary>Under this key an exception for an invalid request names the field that was refused, if any.</summary>
    public const string RefusedField = "reeve.refused_field";

    private static readonly string[] s_negotiable = ["max_completion_tokens", "max_tokens", "stream_options"];

    private const int ChunkBytes = 16 * 1024;

    /// <exception cref="ModelCallException">In every case but a complete reply and a cancelled call.</exception>
    public async Task<ModelReply> SendAsync(
        string url,
        ImmutableArray<ReachHeader> headers,
        IReadOnlyList<ReadOnlyMemory<byte>> body,
        IReplyReader reader,
        CancellationToken cancellationToken)
    {
        try
        {
            var request = new ReachRequest("POST", url, headers, body) { Limits = timeouts.ToLimits() };
            var response = await reach.SendAsync(request, cancellationToken).ConfigureAwait(false);

            await using (response.ConfigureAwait(false))
            {
                if (response.Status is < 200 or > 299)
                {
                    throw await ExplainAsync(response, cancellationToken).ConfigureAwait(false);
                }

                await ReadAsync(response, reader, cancellationToken).ConfigureAwait(false);
                return reader.Finish();
            }
        }
        catch (ReachException failure)
        {
            throw CallFailures.Of(failure, timeouts);
        }
        catch (InvalidDataException)
        {
            throw CallFailures.TooLarge(timeouts);
        }
    }

    private async Task ReadAsync(ReachResponse response, IReplyReader reader,
        CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        var saysDocument = response.Header("content-type").Contains("json", StringComparison.OrdinalIgnoreCase);
        ArrayBufferWriter<byte>? whole = saysDocument ? new() : null;
        var parser = new SseParser(
            streamEvent => ReadEvent(reader, streamEvent), (int)Math.Min(timeouts.ReplyBytesMax, Array.MaxLength));
        var isFirst = true;

        try
        {
            while (!reader.IsDone)
            {
                var read = await ReadChunkAsync(response, reader, buffer, cancellationToken).ConfigureAwait(false);

                if (read == 0)
                {
                    break;
                }

                var start = buffer.AsSpan(0, read).TrimStart(" \t\r\n"u8);

                if (isFirst && !start.IsEmpty)
                {
                    isFirst = false;
                    whole = IsDocument(start, saysDocument) ? whole ?? new() : null;
                }

                if (whole is null)
                {
                    parser.Feed(buffer.AsSpan(0, read));
                }
                else
                {
                    whole.Write(buffer.AsSpan(0, read));
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        if (whole is not null)
        {
            ReadWhole(reader, whole.WrittenMemory);
        }
    }

    // Some servers call a document an event stream, and some a stream a document; a page begins with a tag.
    private static bool IsDocument(ReadOnlySpan<byte> start, bool saysDocument) =>
        start[0] is (byte)'{' or (byte)'[' or (byte)'<'
        || (saysDocument && !start.StartsWith("data"u8) && !start.StartsWith("event"u8) && start[0] != (byte)':');

    private static async ValueTask<int> ReadChunkAsync(
        ReachResponse response, IReplyReader reader, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Body.ReadAsync(buffer.AsMemory(0, ChunkBytes),
                cancellationToken).ConfigureAwait(false);
        }
        catch (ReachException failure) when (reader.IsComplete && failure.Problem.Code is "net.silent")
        {
            // The provider had said that it was done; that it keeps the line open takes nothing from the reply.
            return 0;
        }
    }

    private static void ReadEvent(IReplyReader reader, SseEvent streamEvent)
    {
        if (reader.IsDone)
        {
            return;
        }

        try
        {
            reader.Read(streamEvent);
        }
        catch (Exception failure) when (IsShapeless(failure))
        {
            throw CallFailures.MalformedStream();
        }
    }

    // What the JSON library throws for a member that is missing, of another kind, or out of range.
    private static bool IsShapeless(Exception failure) =>
        failure is JsonException or InvalidOperationException or FormatException or KeyNotFoundException;

    private static void ReadWhole(IReplyReader reader, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            reader.ReadWhole(document.RootElement);
        }
        catch (Exception failure) when (IsShapeless(failure))
        {
            // What began like a reply was damaged on its way, and may arrive whole the next time.
            throw bytes.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..]
                ? CallFailures.MalformedStream() : CallFailures.MalformedDocument();
        }
    }

    private async Task<ModelCallException> ExplainAsync(ReachResponse response, CancellationToken cancellationToken)
    {
        var body = new byte[ProviderErrors.BodyBytesMax];
        var count = 0;

        try
        {
            count = await response.Body.ReadAtLeastAsync(
                body, body.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        }
        catch (ReachException)
        {
            // The status says enough when its explanation is cut off or endless.
        }

        var explained = ProviderErrors.Map(response.Status, response.Headers, body.AsSpan(0, count), time.GetUtcNow());
        explained.Data[RefusedField] = Array.Find(
            s_negotiable, field => body.AsSpan(0, count).IndexOf(System.Text.Encoding.ASCII.GetBytes(field)) >= 0);

        return explained;
    }
}
