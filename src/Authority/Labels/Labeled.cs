namespace Reeve.Authority.Labels;

/// <summary>A value that does not travel without its label.</summary>
public readonly record struct Labeled<T>(T Value, Label Label);
