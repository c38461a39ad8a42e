namespace Reeve.Doors.Processes;

/// <summary>The tree of one sandbox: where it lies, whether it may be changed, and what of it is covered.</summary>
/// <param name="Masks">A folder before what is in it.</param>
internal sealed record WorkspaceBind(string Source, bool CanChange, IReadOnlyList<SandboxMask> Masks);
