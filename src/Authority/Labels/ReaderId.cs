namespace Reeve.Authority.Labels;

/// <summary>Names somebody a value may be shown to.</summary>
public readonly record struct ReaderId(string Name);
