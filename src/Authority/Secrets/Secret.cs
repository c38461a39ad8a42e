namespace Reeve.Authority.Secrets;

/// <summary>A value that must not be shown. It can be printed, logged and formatted, and says nothing.</summary>
/// <remarks>Only <see cref="Reveal"/> gives it out, so that each place that does is found by its name.</remarks>
public sealed class Secret(string name, string value)
{
    /// <summary>What it is called; not secret.</summary>
    public string Name { get; } = name;

    public string Reveal() => value;

    public override string ToString() => "[secret]";
}
