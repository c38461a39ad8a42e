using System.Threading.Channels;

namespace Reeve.Cli.Interactive.Keys;

/// <summary>Reads the keyboard until its end, and tells Esc from the beginning of a sequence by time.</summary>
internal sealed class KeyPump(Stream keyboard, ChannelWriter<Happening> happenings, TimeProvider time)
{
    /// <summary>A sequence of a terminal comes in one piece; a person's next key does not come as soon.</summary>
    private static readonly TimeSpan s_escapeTimeMax = TimeSpan.FromMilliseconds(50);

    private const int BufferBytes = 4_096;

    private readonly KeyDecoder _decoder = new();

    public async Task RunAsync(CancellationToken stop)
    {
        var buffer = new byte[BufferBytes];

        try
        {
            var reading = keyboard.ReadAsync(buffer, stop).AsTask();

            // Ends: with the input, or with the session.
            while (true)
            {
                if (_decoder.IsWaiting && !await ComesSoonAsync(reading, stop))
                {
                    await TellAsync(_decoder.Flush(), stop);
                }

                var count = await reading.WaitAsync(stop);

                if (count == 0)
                {
                    break;
                }

                await TellAsync(_decoder.Push(buffer.AsSpan(0, count)), stop);
                reading = keyboard.ReadAsync(buffer, stop).AsTask();
            }
        }
        catch (IOException)
        {
            // The terminal was closed under us: as if its input had ended.
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await happenings.WriteAsync(new Happening(HappeningKind.InputEnded), CancellationToken.None);
    }

    private async Task<bool> ComesSoonAsync(Task<int> reading, CancellationToken stop) =>
        await Task.WhenAny(reading, Task.Delay(s_escapeTimeMax, time, stop)) == reading;

    private async Task TellAsync(IReadOnlyList<Key> keys, CancellationToken stop)
    {
        foreach (var key in keys)
        {
            await happenings.WriteAsync(new Happening(HappeningKind.Key, key), stop);
        }
    }
}
