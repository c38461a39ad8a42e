using System.Text.Json.Serialization;
using Reeve.Kernel.Approvals;
using Reeve.Tools.Builds;
using Reeve.Tools.Files;
using Reeve.Tools.Git;
using Reeve.Tools.Host;
using Reeve.Tools.People;
using Reeve.Tools.Search;
using Reeve.Tools.Shell;
using Reeve.Tools.Symbols;

namespace Reeve.Tools;

/// <summary>The generated JSON shapes of all arguments of this slice.</summary>
[JsonSerializable(typeof(ReadFileTool.Arguments), TypeInfoPropertyName = "ReadFile")]
[JsonSerializable(typeof(WriteFileTool.Arguments), TypeInfoPropertyName = "WriteFile")]
[JsonSerializable(typeof(EditFileTool.Arguments), TypeInfoPropertyName = "EditFile")]
[JsonSerializable(typeof(DeleteFileTool.Arguments), TypeInfoPropertyName = "DeleteFile")]
[JsonSerializable(typeof(TreeTool.Arguments), TypeInfoPropertyName = "Tree")]
[JsonSerializable(typeof(GrepTool.Arguments), TypeInfoPropertyName = "Grep")]
[JsonSerializable(typeof(GlobTool.Arguments), TypeInfoPropertyName = "Glob")]
[JsonSerializable(typeof(RecallTool.Arguments), TypeInfoPropertyName = "Recall")]
[JsonSerializable(typeof(ShellTool.Arguments), TypeInfoPropertyName = "Shell")]
[JsonSerializable(typeof(PlanProposal), TypeInfoPropertyName = "Plan")]
[JsonSerializable(typeof(FinishTool.Arguments), TypeInfoPropertyName = "Finish")]
[JsonSerializable(typeof(GitStatusTool.Arguments), TypeInfoPropertyName = "GitStatus")]
[JsonSerializable(typeof(GitDiffTool.Arguments), TypeInfoPropertyName = "GitDiff")]
[JsonSerializable(typeof(GitLogTool.Arguments), TypeInfoPropertyName = "GitLog")]
[JsonSerializable(typeof(GitBlameTool.Arguments), TypeInfoPropertyName = "GitBlame")]
[JsonSerializable(typeof(GitCommitTool.Arguments), TypeInfoPropertyName = "GitCommit")]
[JsonSerializable(typeof(GitBranchTool.Arguments), TypeInfoPropertyName = "GitBranch")]
[JsonSerializable(typeof(GitCheckpointTool.Arguments), TypeInfoPropertyName = "GitCheckpoint")]
[JsonSerializable(typeof(GitPushTool.Arguments), TypeInfoPropertyName = "GitPush")]
[JsonSerializable(typeof(BuildTool.Arguments), TypeInfoPropertyName = "Build")]
[JsonSerializable(typeof(TestTool.Arguments), TypeInfoPropertyName = "Test")]
[JsonSerializable(typeof(LintTool.Arguments), TypeInfoPropertyName = "Lint")]
[JsonSerializable(typeof(FormatTool.Arguments), TypeInfoPropertyName = "Format")]
[JsonSerializable(typeof(PackagesTool.Arguments), TypeInfoPropertyName = "Packages")]
[JsonSerializable(typeof(SymbolsTool.Arguments), TypeInfoPropertyName = "Symbols")]
[JsonSerializable(typeof(AskUserTool.Arguments), TypeInfoPropertyName = "AskUser")]
[JsonSerializable(typeof(DiffTool.Arguments), TypeInfoPropertyName = "Diff")]
[JsonSerializable(typeof(FimEditTool.Arguments), TypeInfoPropertyName = "FimEdit")]
[JsonSerializable(typeof(NowTool.Arguments), TypeInfoPropertyName = "Now")]
[JsonSerializable(typeof(TodoTool.Arguments), TypeInfoPropertyName = "Todo")]
[JsonSerializable(typeof(UndoTool.Arguments), TypeInfoPropertyName = "Undo")]
[JsonSerializable(typeof(HostCommandTool.Arguments), TypeInfoPropertyName = "HostCommand")]
internal sealed partial class ToolShapes : JsonSerializerContext;
