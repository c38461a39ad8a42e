namespace Reeve.Tools.Builds;

/// <summary>One thing a tool objects to. What a report does not say stays empty.</summary>
/// <param name="Severity">failed for a test, else error or warning.</param>
/// <param name="File">Relative to the folder the command ran in, where it lies below it.</param>
internal sealed record BuildFinding(
    string Severity, string File = "", int? Line = null, int? Column = null, string Code = "", string Name = "",
    string Message = "");
