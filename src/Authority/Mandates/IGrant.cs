namespace Reeve.Authority.Mandates;

/// <summary>Marks what a mandate can hand to a tool. Only the issuer of a grant constructs it.</summary>
/// <remarks>
/// A tool names the grants it needs in its spec and receives them in its context. It sees the interface and
/// never the class behind it, so there is nothing it could build, widen or dispose.
/// </remarks>
public interface IGrant;
