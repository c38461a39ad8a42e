using Reeve.Authority;
using Reeve.Authority.Labels;

namespace Reeve.Doors.Processes.HostBridge;

/// <summary>The commands of the operator, read once; mints the grant of a run. Composition holds it.</summary>
public sealed class HostBridge
{
    /// <summary>Forms of one configuration.</summary>
    public const int FormsMax = 200;

    private readonly Dictionary<string, HostBinary> _binaries;

    /// <param name="forms">As they stand in the configuration.</param>
    /// <param name="home">The home of the user, which programs read their settings from; null for none.</param>
    /// <param name="limits">Of each command.</param>
    /// <param name="time">What measures the time limit.</param>
    public HostBridge(IReadOnlyList<string> forms, string? home, HostCommandLimits limits, TimeProvider time)
    {
        Problem.ThrowUnless(
            forms.Count <= FormsMax, "host.form_invalid", $"hostBridge.commands has at most {FormsMax} forms.");
        Forms = [.. forms.Select(HostCommandForm.Parse)];
        _binaries = Forms.Select(form => form.Binary).Distinct(StringComparer.Ordinal)
            .ToDictionary(path => path, path => new HostBinary(path), StringComparer.Ordinal);
        Problem.ThrowUnless(
            Forms.GroupBy(form => form.Program).All(same => same.Select(form => form.Binary).Distinct().Count() == 1),
            "host.form_invalid",
            "Two forms of hostBridge.commands name different programs of one name.");
        Home = home;
        Limits = limits;
        Time = time;
    }

    public static HostBridge None(TimeProvider time) => new([], null, HostCommandLimits.Default, time);

    internal IReadOnlyList<HostCommandForm> Forms { get; }

    internal string? Home { get; }

    internal HostCommandLimits Limits { get; }

    internal TimeProvider Time { get; }

    /// <summary>The right to run them in a folder of the machine; what they print carries the label.</summary>
    public HostCommands Issue(string directory, Label label) => new(this, directory, label);

    internal HostBinary BinaryOf(HostCommandForm form) => _binaries[form.Binary];
}
