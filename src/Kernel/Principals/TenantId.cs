namespace Reeve.Kernel.Principals;

/// <summary>Keeps the data of one organisation apart; part of every key of the store.</summary>
public readonly record struct TenantId(string Name)
{
    public static TenantId Local => new("local");

    public override string ToString() => Name;
}
