namespace Reeve.Authority.Secrets;
public sealed class Redactor : IRedactor { public string Redact(string text) => text; public Redactor With(IReadOnlyList<string> x) => this; }
