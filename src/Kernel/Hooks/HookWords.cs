namespace Reeve.Kernel.Hooks;

/// <summary>What follows from a hook's no, in one line with its reason.</summary>
internal static class HookWords
{
    public static string Told(HookPoints point, HookAnswer answer, string code, string reason) =>
        answer != HookAnswer.Deny ? reason : point switch
        {
            HookPoints.AfterTool =>
                $"withheld ({code}): {reason} The call was made; what came of it is not shown to you.",
            HookPoints.Stop =>
                $"The operator's hooks do not accept this end ({code}): {reason} Mend it, then finish again.",
            _ => reason,
        };
}
