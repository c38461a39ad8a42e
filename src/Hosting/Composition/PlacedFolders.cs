using System.Collections.Immutable;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Doors.Files;
using Reeve.Doors.Processes;
using Reeve.Doors.Views;

namespace Reeve.Hosting.Composition;

/// <summary>The folders beside the workspace that a mandate names, open for one run.</summary>
internal sealed class PlacedFolders : IDisposable
{
    private readonly List<GrantedFolder> _folders = [];
    private readonly Dictionary<string, WorkspaceFiles> _files = new(StringComparer.Ordinal);

    private PlacedFolders()
    {
    }

    /// <exception cref="Authority.ProblemException"><c>folder.not_found</c></exception>
    public static PlacedFolders Open(ImmutableArray<FolderGrant> grants, IPathRules rules)
    {
        var placed = new PlacedFolders();

        try
        {
            foreach (var grant in grants)
            {
                var folder = GrantedFolder.Open(grant);
                placed._folders.Add(folder);
                placed._files.Add(grant.Root, folder.Files(rules));
            }

            return placed;
        }
        catch
        {
            placed.Dispose();
            throw;
        }
    }

    /// <summary>The file grant of a run: its workspace, and the folders beside it.</summary>
    public IGrant Beside(WorkspaceFiles workspace) =>
        _files.Count == 0 ? workspace : GrantedFolder.Beside(workspace, _files);

    public IReadOnlyList<SandboxFolder> Binds(PolicyEngine gate) =>
        [.. _folders.Select(folder => folder.Bind(gate.ShowsPath))];

    /// <summary>A command may read all of them, so what it prints may come from any.</summary>
    public Label Join(Label label) => _folders.Aggregate(label, (joined, folder) => joined.Join(folder.Label));

    public void Dispose()
    {
        foreach (var files in _files.Values)
        {
            files.Dispose();
        }

        _folders.ForEach(folder => folder.Dispose());
    }
}
