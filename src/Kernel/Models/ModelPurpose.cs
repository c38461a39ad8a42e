namespace Reeve.Kernel.Models;

/// <summary>What a call of the model is for. All of them are reserved and charged alike.</summary>
public enum ModelPurpose
{
    Turn = 0,
    Compaction,
}
