using Reeve.Kernel.Tools;
using Reeve.Tools.Builds;
using Reeve.Tools.Files;
using Reeve.Tools.Git;
using Reeve.Tools.Host;
using Reeve.Tools.People;
using Reeve.Tools.Search;
using Reeve.Tools.Shell;
using Reeve.Tools.Symbols;

namespace Reeve.Tools;

/// <summary>The tools every run can be given; what it may do with them is the mandate's matter.</summary>
public static class BuiltInTools
{
    public static IReadOnlyList<ITool> All { get; } =
    [
        new ReadFileTool(),
        new WriteFileTool(),
        new EditFileTool(),
        new DeleteFileTool(),
        new TreeTool(),
        new GrepTool(),
        new GlobTool(),
        new RecallTool(),
        new ShellTool(),
        new ProposePlanTool(),
        new GitStatusTool(),
        new GitDiffTool(),
        new GitLogTool(),
        new GitBlameTool(),
        new GitCommitTool(),
        new GitBranchTool(),
        new GitCheckpointTool(),
        new GitPushTool(),
        new BuildTool(),
        new TestTool(),
        new LintTool(),
        new FormatTool(),
        new PackagesTool(),
        new SymbolsTool(),
        new AskUserTool(),
        new DiffTool(),
        new FimEditTool(),
        new NowTool(),
        new TodoTool(),
        new UndoTool(),
        new HostCommandTool(),
        new FinishTool(),
    ];
}
