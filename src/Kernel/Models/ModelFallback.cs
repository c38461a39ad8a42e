namespace Reeve.Kernel.Models;

/// <summary>When the next model of the chain is asked, and for how long.</summary>
/// <remarks>
/// Another model helps where a provider cannot answer now. It does not where the request itself is at fault, a key is
/// not accepted, or a filter declined: there the next one would only hide what a person has to mend.
/// </remarks>
public static class ModelFallback
{
    /// <summary>Models that may stand behind the first.</summary>
    public const int ModelsMax = 8;

    /// <summary>After this the first model is asked again.</summary>
    public static readonly TimeSpan StayTime = TimeSpan.FromMinutes(10);

    /// <summary>A provider that is left alone for a while is not worth waiting for where another can be
    /// asked.</summary>
    public static bool HelpsAtOnce(string code) => code is "model.breaker_open" or "model.quota";
}
