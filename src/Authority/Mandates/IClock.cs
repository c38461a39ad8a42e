namespace Reeve.Authority.Mandates;

/// <summary>The right to know what time it is. What it says is recorded with the call, so a replay says the
/// same.</summary>
public interface IClock : IGrant
{
    DateTimeOffset UtcNow { get; }

    /// <summary>The zone of the machine.</summary>
    TimeZoneInfo Zone { get; }
}
