using System.Text;
using System.Text.Json;
using Reeve.Models.Exchange;

namespace Reeve.Models.Scripted;

/// <summary>How one protocol words a scripted reply.</summary>
internal abstract class ScriptedDialect
{
    public abstract IEnumerable<string> Stream(ScriptedContext context);

    public abstract byte[] Whole(ScriptedContext context);

    public abstract byte[] Error(int status);

    public abstract string StreamError();

    protected static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();

        using (var writer = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    protected static string Data(Action<Utf8JsonWriter> write) => $"data: {Encoding.UTF8.GetString(Bytes(write))}\n\n";

    /// <summary>Which piece of which call comes next: one call after the other, or in turns.</summary>
    protected static IEnumerable<(int Call, string Piece)> ArgumentPieces(ScriptedContext context)
    {
        var pieces = context.Reply.Calls
            .SelectMany((call, index) => ScriptPieces.Of(call.Arguments, context.Turn.DeltaCharacters)
                .Select((piece, order) => (Call: index, Piece: piece, Order: order)));

        return (context.Turn.Interleave ? pieces.OrderBy(piece => piece.Order) : pieces)
            .Select(piece => (piece.Call, piece.Piece));
    }
}

/// <summary>What a dialect needs to know to word one reply.</summary>
internal sealed record ScriptedContext(ScriptedReply Reply, ScriptTurn Turn, string Model, int Index,
    bool AsksForUsage);
