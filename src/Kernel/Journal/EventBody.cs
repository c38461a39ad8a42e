namespace Reeve.Kernel.Journal;

/// <summary>What an entry says. One sealed record for each wire name; see <see cref="EventTypes"/>.</summary>
/// <remarks>Only enums, identifiers, numbers and commitments: nothing a person, model, file or tool wrote.</remarks>
public abstract record EventBody;
