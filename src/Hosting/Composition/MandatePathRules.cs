using Reeve.Authority.Policy;
using Reeve.Doors.Files;

namespace Reeve.Hosting.Composition;

/// <summary>Asks the gate about every single path a file grant is about to touch, also those a walk comes
/// upon.</summary>
internal sealed class MandatePathRules(PolicyEngine gate, TimeProvider time) : IPathRules
{
    public bool Allows(string pathInWorkspace, FileAccessKind access)
    {
        var (tool, kind) = access switch
        {
            FileAccessKind.Read => ("read", EffectKind.ReadFile),
            FileAccessKind.List => ("tree", EffectKind.ReadFile),
            FileAccessKind.Write => ("write", EffectKind.WriteFile),
            _ => ("delete", EffectKind.DeleteFile),
        };

        // What a person was asked about was asked for the call; here only what is denied matters.
        return gate.DecidePath(tool, kind, pathInWorkspace, time.GetUtcNow()).Decision != Decision.Deny;
    }
}
