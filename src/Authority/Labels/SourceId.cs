namespace Reeve.Authority.Labels;

/// <summary>Names an origin: a person, a site, a workspace, a tool.</summary>
public readonly record struct SourceId(string Name);
