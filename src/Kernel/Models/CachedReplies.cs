using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reeve.Authority.Labels;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;
using Reeve.Kernel.Turns;

namespace Reeve.Kernel.Models;

/// <summary>The replies of earlier calls that were the same in everything that matters.</summary>
/// <remarks>
/// The name of a reply is a keyed hash over tenant, the model with what is configured about it, who may read what it
/// was shown, and every byte of the request. So a reply is never shown to a run whose readers are others, and nobody
/// without the master key can test what was asked.
/// </remarks>
/// <param name="IdentityOf">Of a model's name: its server, and whatever else changes its replies.</param>
public sealed record CachedReplies(IReplyCache Cache, Func<string, string> IdentityOf)
{
    public string NameOf(IKeyWrap keys, TenantId tenant, string model, Label label, ModelRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add("reply.v1");
        Add(tenant.ToString());
        Add(model);
        Add(IdentityOf(model));
        Add(label.ReadersOrEveryone is { } readers
            ? "some:" + string.Join('\n', readers.Select(reader => reader.Name).Order(StringComparer.Ordinal))
            : "everyone");
        Add(request.OutputTokensMax.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Add(request.SystemPrompt);
        AddCount(request.Tools.Count);

        foreach (var tool in request.Tools)
        {
            Add(tool.Name);
            Add(tool.Summary);
            Add(tool.ArgumentsSchema.GetRawText());
        }

        AddCount(request.Messages.Count);

        foreach (var message in request.Messages)
        {
            Add(message.Role.ToString());
            AddCount(message.Parts.Length);

            foreach (var part in message.Parts)
            {
                AddPart(part);
            }
        }

        return keys.Pseudonym(Convert.ToHexString(hash.GetHashAndReset()));

        void AddPart(MessagePart part)
        {
            Add(part.GetType().Name);

            foreach (var text in TextsOf(part))
            {
                Add(text);
            }
        }

        void Add(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            AddCount(bytes.Length);
            hash.AppendData(bytes);
        }

        // Each text has its length before it: no two requests run into the same bytes.
        void AddCount(int count)
        {
            Span<byte> bytes = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, count);
            hash.AppendData(bytes);
        }
    }

    public ModelReply? Find(string name)
    {
        if (Cache.Find(name) is not { } bytes)
        {
            return null;
        }

        var kept = JsonSerializer.Deserialize(bytes, KeptReplyShape.Default.KeptReply)!;
        return new ModelReply(MessageCodec.Decode(kept.Message), kept.Stop, Usage: null, kept.RespondingModel);
    }

    /// <summary>Only a reply that was complete in itself is worth being given again.</summary>
    public void Keep(string name, ModelReply reply)
    {
        if (reply.Stop is StopReason.EndOfTurn or StopReason.ToolCalls)
        {
            Cache.Keep(name, JsonSerializer.SerializeToUtf8Bytes(
                new KeptReply(MessageCodec.Encode(reply.Message), reply.Stop, reply.RespondingModel),
                KeptReplyShape.Default.KeptReply));
        }
    }

    private static string[] TextsOf(MessagePart part) => part switch
    {
        TextPart text => [text.Text],
        ReasoningPart reasoning => [reasoning.Text, reasoning.ProviderData],
        ToolCallPart call => [call.Id, call.Name, call.Arguments],
        ToolResultPart result => [result.CallId, result.Text, result.IsError ? "error" : ""],
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

internal sealed record KeptReply(byte[] Message, StopReason Stop, string RespondingModel);

[JsonSerializable(typeof(KeptReply))]
internal sealed partial class KeptReplyShape : JsonSerializerContext;
