using System.Text;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Doors.Files;
using Reeve.Hosting.Composition;

namespace Reeve.Hosting;

/// <summary>The operator's folder through the door an agent uses: nothing outside it, and no file that the rules
/// hide.</summary>
public sealed class OperatorWorkspace : IDisposable
{
    private const int EntriesMax = 5_000;

    private readonly WorkspaceFiles _files;

    public OperatorWorkspace(SettingsComposition settings, string workspace, TimeProvider time)
    {
        var gate = new PolicyEngine(settings.MandateOfCommand(workspace));
        _files = new WorkspaceIssuer(workspace, Label.LeastTrusted)
            .Issue(canChange: false, new MandatePathRules(gate, time));
    }

    /// <summary>The text of a file.</summary>
    /// <exception cref="ProblemException">The problems of <see cref="IWorkspaceFiles"/>, <c>file.too_large</c>, and
    /// <c>file.not_text</c> for bytes that are no UTF-8 text.</exception>
    public string ReadText(string path, int bytesMax)
    {
        using var stream = _files.OpenRead(path).Value;
        Problem.ThrowUnless(
            stream.Length <= bytesMax, "file.too_large",
            $"The file is larger than {bytesMax / 1024} KiB; ask for the part that matters instead.");
        var bytes = new byte[bytesMax + 1];
        var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);

        try
        {
            Problem.ThrowUnless(
                count <= bytesMax && !bytes.AsSpan(0, count).Contains((byte)0), "file.not_text",
                "The file is not text.");
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, count);
        }
        catch (DecoderFallbackException)
        {
            throw new ProblemException(new Problem("file.not_text", "The file is not text."));
        }
    }

    /// <summary>Names in a folder, those of folders with <c>/</c> at their end; none where it cannot be
    /// listed.</summary>
    public IReadOnlyList<string> Names(string folder)
    {
        try
        {
            return
            [
                .. _files.List(folder, EntriesMax).Value
                    .Select(entry => entry.Kind == FileKind.Directory ? $"{NameOf(entry)}/" : NameOf(entry)),
            ];
        }
        catch (ProblemException)
        {
            // To complete nothing is the answer to what may not be looked at.
            return [];
        }
    }

    public void Dispose() => _files.Dispose();

    private static string NameOf(FileEntry entry) => entry.Path[(entry.Path.LastIndexOf('/') + 1)..];
}
