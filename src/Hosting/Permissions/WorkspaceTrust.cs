using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;

namespace Reeve.Hosting.Permissions;

/// <summary>What a person trusts of what a folder brings along: its policy, its hooks, its environment, its
/// servers.</summary>
/// <remarks>
/// Nothing of it is used before a person trusted the folder. Trust is in the very bytes: their digests are pinned,
/// and a file that changed, came or went makes the whole folder untrusted until somebody looks again. What is
/// compared is what is used, since the bytes are read once.
/// </remarks>
public sealed class WorkspaceTrust(string home, TimeProvider time)
{
    /// <summary>Files of one folder that can be trusted, and bytes of all of them.</summary>
    public const int FilesMax = 256, BytesMax = 1024 * 1024;

    /// <summary>Folders that are trusted at the same time.</summary>
    public const int FoldersMax = 1_000;

    private const string Own = ".reeve";
    private static readonly string[] s_others = [".mcp.json"];

    private readonly StateFile _file = new(home, "trust.json");

    /// <summary>What the folder brings and whether it is trusted now. Nothing of it is run or obeyed by this.</summary>
    /// <exception cref="ProblemException"><c>trust.too_large</c> and the problems of files.</exception>
    public TrustedFolder Look(string workspace)
    {
        var files = Read(workspace);
        var pinned = Pins().GetValueOrDefault(workspace)?.Files;
        var found = DigestsOf(files);

        if (files.Count == 0)
        {
            return new TrustedFolder(TrustState.NothingToTrust, files, []);
        }

        if (pinned is null)
        {
            return new TrustedFolder(TrustState.Untrusted, files, [.. found.Keys]);
        }

        var changed = found.Keys.Union(pinned.Keys, StringComparer.Ordinal)
            .Where(path => found.GetValueOrDefault(path) != pinned.GetValueOrDefault(path))
            .Order(StringComparer.Ordinal).ToList();

        return new TrustedFolder(changed.Count == 0 ? TrustState.Trusted : TrustState.Changed, files, changed);
    }

    /// <summary>Pins what was shown.</summary>
    /// <param name="shown">What <see cref="Look"/> gave; what changed since is not trusted by this.</param>
    public void Trust(string workspace, TrustedFolder shown) => Change(pins =>
    {
        pins[workspace] = new TrustPin(time.GetUtcNow(), DigestsOf(shown.Files));
        Problem.ThrowUnless(
            pins.Count <= FoldersMax, "trust.too_many", $"At most {FoldersMax} folders can be trusted; revoke some.");
        return true;
    });

    /// <returns>False where it was not trusted.</returns>
    public bool Revoke(string workspace)
    {
        var wasTrusted = false;
        Change(pins => wasTrusted = pins.Remove(workspace));
        return wasTrusted;
    }

    /// <summary>The folders that were trusted, with when and what.</summary>
    public IReadOnlyList<(string Workspace, DateTimeOffset At, IReadOnlyList<string> Files)> List() =>
    [
        .. Pins().Select(pin => (
            pin.Key, pin.Value.At, (IReadOnlyList<string>)[.. pin.Value.Files.Keys.Order(StringComparer.Ordinal)])),
    ];

    private static SortedDictionary<string, string> DigestsOf(IReadOnlyDictionary<string, byte[]> files) => new(
        files.ToDictionary(
            file => file.Key, file => Convert.ToHexStringLower(SHA256.HashData(file.Value)), StringComparer.Ordinal),
        StringComparer.Ordinal);

    private static SortedDictionary<string, byte[]> Read(string workspace)
    {
        try
        {
            return ReadAll(workspace);
        }
        catch (ProblemException refusal) when (!refusal.Problem.Code.StartsWith("trust.", StringComparison.Ordinal))
        {
            // Which of them it is was named by whoever made the folder, so it is not repeated.
            throw new ProblemException(new Problem(
                "trust.unreadable",
                "What this folder brings in .reeve or .mcp.json cannot be looked at: there is a link, a device, an odd"
                + " name or too much of it; remove it."));
        }
    }

    private static SortedDictionary<string, byte[]> ReadAll(string workspace)
    {
        using var files = new WorkspaceIssuer(workspace, Label.LeastTrusted).Issue(canChange: false);
        var found = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var left = BytesMax;

        foreach (var name in s_others.Where(files.Exists))
        {
            Add(name);
        }

        if (files.Exists(Own))
        {
            Walk(Own, depth: 0);
        }

        return found;

        void Walk(string folder, int depth)
        {
            Problem.ThrowUnless(depth < 8, "trust.too_large", "The folder .reeve is nested too deeply.");

            foreach (var entry in files.List(folder, FilesMax).Value)
            {
                if (entry.Kind == FileKind.Directory)
                {
                    Walk(entry.Path, depth + 1);
                }
                else
                {
                    Add(entry.Path);
                }
            }
        }

        void Add(string path)
        {
            Problem.ThrowUnless(
                found.Count < FilesMax, "trust.too_large", $"A folder has at most {FilesMax} files to be trusted.");
            using var file = files.OpenRead(path).Value;
            var bytes = new byte[left + 1];
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            left -= count;
            Problem.ThrowUnless(
                left >= 0, "trust.too_large", $"The files to be trusted have more than {BytesMax / 1024} KiB.");
            found[path] = bytes[..count];
        }
    }

    private SortedDictionary<string, TrustPin> Pins() => Parse(_file.Read());

    private void Change(Func<SortedDictionary<string, TrustPin>, bool> change) => _file.Change(bytes =>
    {
        var pins = Parse(bytes);
        return change(pins)
            ? JsonSerializer.SerializeToUtf8Bytes(pins, PermissionShapes.Default.SortedDictionaryStringTrustPin) : null;
    });

    private static SortedDictionary<string, TrustPin> Parse(byte[]? bytes)
    {
        try
        {
            return new SortedDictionary<string, TrustPin>(
                bytes is null ? new SortedDictionary<string, TrustPin>()
                    : JsonSerializer.Deserialize(bytes, PermissionShapes.Default.SortedDictionaryStringTrustPin)!,
                StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            throw new ProblemException(new Problem(
                "state.malformed", "trust.json of the data directory cannot be read; remove it and trust anew."));
        }
    }
}

/// <summary>A folder as it was looked at, once.</summary>
/// <param name="Files">Every file that would be used, with its bytes.</param>
/// <param name="Changed">What nobody has trusted as it is now.</param>
public sealed record TrustedFolder(
    TrustState State, IReadOnlyDictionary<string, byte[]> Files, IReadOnlyList<string> Changed)
{
    /// <summary>The bytes of a file, only where the folder is trusted.</summary>
    public byte[]? Use(string path) => State == TrustState.Trusted ? Files.GetValueOrDefault(path) : null;
}

public enum TrustState
{
    /// <summary>Nobody trusted the folder.</summary>
    Untrusted = 0,

    /// <summary>It was trusted, and is not any more as it is.</summary>
    Changed,
    NothingToTrust,
    Trusted,
}

/// <summary>The files of a folder by their digests, when a person trusted them.</summary>
internal sealed record TrustPin(DateTimeOffset At, SortedDictionary<string, string> Files);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SortedDictionary<string, TrustPin>))]
[JsonSerializable(typeof(List<KeptRule>))]
internal sealed partial class PermissionShapes : JsonSerializerContext;
