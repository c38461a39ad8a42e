using System.Text.Json;
using System.Text.Unicode;

namespace Reeve.Models.Scripted;

/// <summary>What a script without conditions needs to know of a request, read in one pass without keeping any of
/// it.</summary>
/// <param name="RepliesCount">Replies in the conversation.</param>
/// <param name="EntriesCount">Messages in the conversation, without those of the system.</param>
internal readonly record struct ScriptRequest(int RepliesCount, int EntriesCount, bool Streams, bool AsksForUsage)
{
    /// <summary>Null for what is not worded as usual: <see cref="ScriptView"/> judges that.</summary>
    /// <exception cref="JsonException">The body is no JSON.</exception>
    public static ScriptRequest? Read(ReadOnlySpan<byte> body)
    {
        // Text that no string can hold is refused where it is decoded, and here nothing is.
        var hasSurrogates = body.IndexOf("\\ud"u8) >= 0 || body.IndexOf("\\uD"u8) >= 0;
        var reader = new Utf8JsonReader(body);

        if (hasSurrogates || !Utf8.IsValid(body) || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        var (replies, entries) = (-1, -1);
        var (streams, asks) = (false, false);

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUsual = true;

            if (reader.ValueTextEquals("messages"u8))
            {
                isUsual = replies < 0 && ReadMessages(ref reader, out replies, out entries);
            }
            else if (reader.ValueTextEquals("stream"u8))
            {
                reader.Read();
                streams = reader.TokenType == JsonTokenType.True;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("stream_options"u8))
            {
                isUsual = ReadOptions(ref reader, out asks);
            }
            else
            {
                reader.Skip();
            }

            if (!isUsual)
            {
                return null;
            }
        }

        // Reads to the end: nothing may follow.
        return !reader.Read() && replies >= 0 ? new ScriptRequest(replies, entries, streams, asks) : null;
    }

    private static bool ReadOptions(ref Utf8JsonReader reader, out bool asks)
    {
        asks = false;
        reader.Read();

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUsage = reader.ValueTextEquals("include_usage"u8);
            reader.Read();
            asks = isUsage ? reader.TokenType == JsonTokenType.True : asks;
            reader.Skip();
        }

        return true;
    }

    private static bool ReadMessages(ref Utf8JsonReader reader, out int replies, out int entries)
    {
        (replies, entries) = (0, 0);
        reader.Read();

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject || ReadMessage(ref reader) is not { } speaker)
            {
                return false;
            }

            replies += speaker == Speaker.Model ? 1 : 0;
            entries += speaker == Speaker.System ? 0 : 1;
        }

        return true;
    }

    private static Speaker? ReadMessage(ref Utf8JsonReader reader)
    {
        Speaker? speaker = null;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRole = reader.ValueTextEquals("role"u8);
            var isContent = !isRole && reader.ValueTextEquals("content"u8);
            reader.Read();

            if (isRole)
            {
                if (reader.TokenType != JsonTokenType.String)
                {
                    return null;
                }

                speaker = SpeakerOf(ref reader);
            }
            else if (isContent && reader.TokenType == JsonTokenType.StartArray)
            {
                if (!ReadParts(ref reader))
                {
                    return null;
                }
            }
            else
            {
                reader.Skip();
            }
        }

        return speaker;
    }

    private static Speaker SpeakerOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("assistant"u8) ? Speaker.Model
            : reader.ValueTextEquals("system"u8) || reader.ValueTextEquals("developer"u8) ? Speaker.System
            : Speaker.Other;

    // The parts of a content: texts and types are strings, and a result is no list of parts again.
    private static bool ReadParts(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isText = reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("type"u8);
                var isContent = !isText && reader.ValueTextEquals("content"u8);
                reader.Read();

                if ((isText && reader.TokenType != JsonTokenType.String)
                    || (isContent && reader.TokenType == JsonTokenType.StartArray))
                {
                    return false;
                }

                reader.Skip();
            }
        }

        return true;
    }

    private enum Speaker
    {
        Other = 0,
        Model,
        System,
    }
}
