using Reeve.Authority;
using Reeve.Cli.Output;
using Reeve.Hosting;
using Reeve.Hosting.Configuration;
using Reeve.Hosting.Runs;
using Reeve.Hosting.Sessions;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;

namespace Reeve.Cli.Interactive;

/// <summary>The session of runs that the terminal works on: which is its head, with which model and mode it goes
/// on.</summary>
internal sealed class Conversation(SessionStart start)
{
    /// <summary>What is told the model with the next prompt, as the output of commands.</summary>
    private const int NotesMax = 16;

    private readonly List<FlagValue> _flags = [.. start.Flags];
    private readonly List<string> _notes = [];

    public IReeveHost Host => start.Host;

    public string Workspace => start.Workspace;

    /// <summary>The latest run; null before the first prompt.</summary>
    public RunKey? Head { get; private set; }

    /// <summary>What of the head was seen last in this terminal; null where it was not carried on here.</summary>
    public RunState? State { get; set; }

    /// <summary>What the runs before the head cost, as far as they were carried on here.</summary>
    public decimal DollarsBefore { get; private set; }

    public bool IsPriceKnown => State?.Admitted?.Model is null or { InputDollarsPerMillion: not null };

    public decimal Dollars => DollarsBefore + (State?.Budget.Spent.Dollars ?? 0);

    public Settings Settings { get; private set; } = start.World.ReadSettings(start.Flags);

    /// <exception cref="ProblemException">The value is none of the key's; nothing was changed.</exception>
    public void Set(string key, string flag, string value)
    {
        List<FlagValue> changed = [.. _flags.Where(known => known.Key != key), new FlagValue(key, flag, value)];
        Settings = start.World.ReadSettings(changed);
        _flags.Clear();
        _flags.AddRange(changed);
    }

    public void Note(string text)
    {
        _notes.Add(text);

        if (_notes.Count > NotesMax)
        {
            _notes.RemoveAt(0);
        }
    }

    /// <summary>The next prompt begins a session of its own where the head stands.</summary>
    public bool ForksNext { get; set; }

    /// <summary>The next prompt has what went before it summarised first.</summary>
    public bool CompactsNext { get; set; } = start.CompactsNext;

    /// <summary>The next prompt: of a new session, or of the one there is. A head that is parked is told it.</summary>
    public async Task<RunKey> SubmitAsync(string prompt, CancellationToken stop)
    {
        var request = Request(string.Join("\n\n", _notes.Append(prompt)));
        var run = Head is not { } head ? await Host.SubmitAsync(request with { Model = Settings.Model }, stop)
            : Told(ForksNext
                ? await Host.ForkAsync(head, at: null, request, stop)
                : await Host.ContinueSessionAsync(head, request, stop));
        _notes.Clear();
        (ForksNext, CompactsNext) = (false, false);
        Take(run);
        return run;
    }

    /// <summary>Another run is the head from now on.</summary>
    public void Take(RunKey run)
    {
        if (Head != run)
        {
            DollarsBefore = Dollars;
            State = null;
        }

        Head = run;
        start.World.Trail.Run = run;
    }

    // What was not said anew stays the session's.
    private RunRequest Request(string goal)
    {
        var model = _flags.Exists(flag => flag.Key == "model") ? Settings.Model : null;
        var canAsk = Settings.Permissions.Mode is not ("dontAsk" or "daemon");
        return new RunRequest(
            goal, Workspace, model, null, Settings.Permissions.Mode, canAsk, Settings.Apply,
            Settings.Limits.Turns, Settings.Limits.Dollars)
        {
            AllowedTools = start.AllowedTools,
            DisallowedTools = start.DisallowedTools,
            Folders = start.Folders,
            MustCompact = CompactsNext,
        };
    }

    private RunKey Told(ForkReport report)
    {
        if (report.IsNew && ForksNext)
        {
            ForkWords.Write(start.World.Terminal, report, "forked from");
        }

        return report.Run;
    }

    /// <exception cref="ProblemException"><c>session.empty</c></exception>
    public RunKey HeadOrRefuse()
    {
        Problem.ThrowUnless(
            Head is not null, "session.empty", "Nothing has been asked yet in this session; /resume takes up another.");
        return Head.Value;
    }
}
