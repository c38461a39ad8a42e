using Reeve.Authority.Mandates;

namespace Reeve.Kernel.Tools;

/// <summary>What a tool needs before it may start.</summary>
public static class ToolNeeds
{
    public static bool NeedsSandbox(this ITool tool) => tool.Spec.Needs.Contains(typeof(IPrograms));
}
