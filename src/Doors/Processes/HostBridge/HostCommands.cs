using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes.HostBridge;

/// <summary>Commands of one run on the machine itself. See <see cref="IHostCommands"/> for what it promises.</summary>
public sealed class HostCommands : IHostCommands
{
    private readonly HostBridge _bridge;
    private readonly string _directory;
    private readonly Label _label;

    internal HostCommands(HostBridge bridge, string directory, Label label)
    {
        _bridge = bridge;
        _directory = directory;
        _label = label;
    }

    public async Task<Labeled<CommandResult>> RunAsync(
        string program, IReadOnlyList<string> arguments, Action<OutputChunk>? onOutput,
        CancellationToken cancellationToken)
    {
        Problem.ThrowUnless(
            _bridge.Forms.Count > 0,
            "host.not_configured",
            "No command may run on the machine itself; its operator can allow some in hostBridge.commands.");
        var form = _bridge.Forms.FirstOrDefault(form => form.Program == program && form.Fits(arguments));
        var allowed = string.Join("; ", _bridge.Forms.Select(each => each.Shown));
        Problem.ThrowUnless(
            form is not null,
            "host.not_allowed",
            $"This is none of the commands that may run there: {allowed}.");

        var binary = _bridge.BinaryOf(form);
        binary.ThrowUnlessSame();
        var words = await HostGit.PrepareAsync(
            program, arguments, asked => Process(binary, asked).RunAsync(null, cancellationToken));

        return new Labeled<CommandResult>(
            await Process(binary, words).RunAsync(onOutput, cancellationToken), _label);
    }

    private HostProcess Process(HostBinary binary, IReadOnlyList<string> arguments) =>
        new(binary.Path, arguments, _directory, _bridge);
}
