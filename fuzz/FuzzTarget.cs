using System.Text;
using Reeve.Authority;
using Reeve.Kernel.Models;

namespace Reeve.Fuzz;

/// <summary>Feeds one entrance of the product with altered samples. Only the expected refusals may come out.</summary>
/// <remarks>A case is a function of its seed alone, so a failing one is shown again by its number.</remarks>
public sealed class FuzzTarget(string name, IReadOnlyList<string> samples, Action<string> enter)
{
    private const int EditsMax = 12, LengthMax = 4_096;

    private static readonly string[] s_pieces =
    [
        "\0", "..", "/", "\\", "%2e", "%00", "\u202e", "\ud800", "\ufeff", "\r\n\r\n", "{", "}", "[", "\"", "'", "`", "$(",
        ";", "|", "&&", "<<EOF", "*", "**", "?", "\t", "\u001b[2J", "0x7f.1", "::ffff:127.0.0.1", "999999999999999999999",
        "-1", "1e309", "null", "true", "data: ", "[DONE]", ":", "@", "#", "é", "\ud83d\ude00",
    ];

    public string Name { get; } = name;

    /// <summary>Null when every case behaved; else what came out and the seed that shows it again.</summary>
    public string? Run(int firstSeed, int cases)
    {
        for (var seed = firstSeed; seed < firstSeed + cases; seed++)
        {
            if (Fails(Case(seed)) is { } thrown)
            {
                return $"{Name}, seed {seed}: {thrown.GetType().Name}: {thrown.Message}";
            }
        }

        return null;
    }

    private Exception? Fails(string text)
    {
        try
        {
            enter(text);
            return null;
        }
        catch (ProblemException)
        {
            return null;
        }
        catch (ModelCallException)
        {
            return null;
        }
        catch (Exception bug)
        {
            return bug;
        }
    }

    private string Case(int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder(samples[random.Next(samples.Count)]);

        for (var edit = random.Next(EditsMax + 1); edit > 0 && text.Length < LengthMax; edit--)
        {
            Edit(text, random);
        }

        return text.ToString();
    }

    private static void Edit(StringBuilder text, Random random)
    {
        var at = random.Next(text.Length + 1);

        switch (random.Next(5))
        {
            case 0:
                text.Insert(at, s_pieces[random.Next(s_pieces.Length)]);
                break;
            case 1 when at < text.Length:
                text.Remove(at, Math.Min(random.Next(1, 9), text.Length - at));
                break;
            case 2 when at < text.Length:
                text[at] = (char)random.Next(0, 0x250);
                break;
            case 3 when at < text.Length:
                text.Append(text.ToString(at, Math.Min(64, text.Length - at)));
                break;
            default:
                text.Insert(at, (char)random.Next(0x20, 0x7f));
                break;
        }
    }
}
