using System.Text.Json.Serialization;
using Reeve.Kernel.Approvals;
using Reeve.Tools.Files;
using Reeve.Tools.Search;
using Reeve.Tools.Shell;

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
internal sealed partial class ToolShapes : JsonSerializerContext;
