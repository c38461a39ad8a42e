using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Hosting.Configuration;
using Reeve.Kernel.Journal;

namespace Reeve.Cli;

/// <summary>Turns whatever a command throws into one sentence and one exit code.</summary>
/// <remarks>
/// A problem is told word for word. Anything else is a bug: it is told as <c>internal</c> with a fingerprint, and its
/// details go to a log that only its owner reads. No stack and no path of this machine reach the terminal.
/// </remarks>
internal static class Failures
{
    private const int FingerprintBytes = 4;

    public static async Task<int> GuardAsync(World world, OutputFormat format, Func<Task<ExitCode>> act) =>
        (int)await GuardedAsync(world, format, act);

    public static ExitCode Tell(World world, OutputFormat format, Problem problem, ExitCode exitCode,
        string? run = null)
    {
        if (format != OutputFormat.Text)
        {
            var body = new ErrorBody(problem.Code, problem.Message, problem.IsRetryable);
            world.Terminal.Out(JsonSerializer.Serialize(
                new ErrorDocument(body, run, (int)exitCode), Documents.Default.ErrorDocument));
        }

        world.Terminal.Error(new Piece("reeve: ", Style.Bad), $"{problem.Code}: {problem.Message}");
        return exitCode;
    }

    private static async Task<ExitCode> GuardedAsync(World world, OutputFormat format, Func<Task<ExitCode>> act)
    {
        try
        {
            return await act();
        }
        catch (ProblemException refusal)
        {
            return Tell(world, format, refusal.Problem, ExitCodes.Of(refusal.Problem), world.Trail.Run?.Run.ToString());
        }
        catch (OperationCanceledException) when (world.Signals.Stop.IsCancellationRequested)
        {
            return Tell(
                world, format, new Problem("interrupted", "Stopped by a signal.", IsRetryable: true),
                ExitCode.Interrupted, world.Trail.Run?.Run.ToString());
        }
        catch (Exception bug)
        {
            return Internal(world, format, bug);
        }
    }

    private static ExitCode Internal(World world, OutputFormat format, Exception bug)
    {
        var text = bug.ToString();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{bug.GetType().FullName}\n{bug.StackTrace}"));
        var fingerprint = Convert.ToHexStringLower(hash.AsSpan(0, FingerprintBytes));
        var isLogged = world.Trail.Home is { } home
            && ConfigurationFiles.TryLog(home, $"{world.Time.GetUtcNow():O} {fingerprint}\n{text}\n\n");
        var where = isLogged ? " Details are in logs/errors.log of the data directory." : "";

        return Tell(
            world, format, new Problem("internal", $"A bug in Reeve (fingerprint {fingerprint}).{where}"),
            ExitCode.Error, world.Trail.Run?.Run.ToString());
    }
}

/// <summary>What a command had come to when it failed.</summary>
internal sealed class Trail
{
    public string? Home { get; set; }

    public RunKey? Run { get; set; }
}
