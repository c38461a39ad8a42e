using System.Text;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Doors.Files;

namespace Reeve.Hosting.Composition;

/// <summary>Reads what a workspace tells agents: AGENTS.md, or CLAUDE.md where there is none.</summary>
internal static class WorkspaceGuidance
{
    public static string Read(string workspace)
    {
        var files = new WorkspaceIssuer(workspace, Label.LeastTrusted).Issue(canChange: false);

        using (files)
        {
            return TryRead(files, "AGENTS.md") ?? TryRead(files, "CLAUDE.md") ?? "";
        }
    }

    /// <summary>The notes of a subfolder; null where there are none that may be read.</summary>
    public static Labeled<string>? TryReadOf(WorkspaceFiles files, string folder)
    {
        try
        {
            return TryOpen(files, $"{folder}/AGENTS.md") ?? TryOpen(files, $"{folder}/CLAUDE.md");
        }
        catch (ProblemException)
        {
            // A rule, a link that leads outside, a device: to a run they are not there.
            return null;
        }
    }

    private static Labeled<string>? TryOpen(WorkspaceFiles files, string path)
    {
        if (!files.Holds(path))
        {
            return null;
        }

        var opened = files.OpenRead(path);
        using var reader = new StreamReader(opened.Value, Encoding.UTF8);
        var text = new char[Kernel.Admission.Admission.GuidanceBytesMax];
        var read = new string(text, 0, reader.ReadBlock(text));
        return string.IsNullOrWhiteSpace(read) ? null : new Labeled<string>(read, opened.Label);
    }

    private static string? TryRead(WorkspaceFiles files, string name)
    {
        // Most workspaces have neither, and an exception would cost more than all the rest of it.
        if (!files.Exists(name))
        {
            return null;
        }

        try
        {
            using var reader = new StreamReader(files.OpenRead(name).Value, Encoding.UTF8);
            var text = new char[Kernel.Admission.Admission.GuidanceBytesMax + 1];
            return new string(text, 0, reader.ReadBlock(text));
        }
        catch (ProblemException refusal) when (refusal.Problem.Code is "file.not_found" or "file.not_regular"
            or "path.outside_workspace" or "path.link_refused")
        {
            return null;
        }
    }
}
