namespace Reeve.Kernel.Tools;

/// <summary>What recovery does with a call that a crash interrupted. Unset is the most careful.</summary>
public enum EffectClass
{
    /// <summary>Nobody can tell and it must not happen twice: the run parks in doubt for a person.</summary>
    Once = 0,

    /// <summary>The other side can be asked whether it happened.</summary>
    Queryable,

    /// <summary>The same key is sent again; the other side acts on it once.</summary>
    Idempotent,

    /// <summary>All effects stay inside the view: it is restored and the call runs again.</summary>
    Contained,

    /// <summary>No effect at all: the call runs again.</summary>
    Pure,
}
