namespace Reeve.Doors.Network;

/// <summary>Why a URL or host is refused: a stable code and a sentence that quotes nothing of it.</summary>
public sealed record UrlRefusal(string Code, string Reason);
