using System.Runtime.CompilerServices;
using System.Text;
using Reeve.Authority;
using Reeve.Doors.Views;
using Reeve.Hosting.Composition;
using Reeve.Hosting.Runs;
using Reeve.Hosting.Sessions;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Principals;
using Reeve.Kernel.Runs;

namespace Reeve.Hosting;

/// <summary>Sessions as a person keeps them: found, named, exported and deleted.</summary>
public sealed partial class ReeveHost
{
    public const int SessionNameLengthMax = 64;

    /// <summary>Sessions past their time that one look deletes at most.</summary>
    private const int SessionsRetiredMax = 16;

    public async Task<IReadOnlyList<SessionLine>> SessionsAsync(
        string? workspace, DateTimeOffset? since, int countMax, CancellationToken cancellationToken)
    {
        await RetainAsync(cancellationToken);
        var records = await _services.Store.SessionsAsync(
            TenantId.Local, workspace is null ? null : _keys.Pseudonym(workspace), Math.Min(countMax, ListMax),
            cancellationToken);
        var lines = new List<SessionLine>(records.Count);

        foreach (var record in records.Where(record => since is null || record.UpdatedAt >= since))
        {
            lines.Add(await LineOfAsync(record, cancellationToken));
        }

        return lines;
    }

    public async Task<SessionLine> FindSessionAsync(
        string text, string workspace, CancellationToken cancellationToken)
    {
        if (text == "last")
        {
            var newest = await SessionsAsync(workspace, since: null, countMax: 1, cancellationToken);
            Problem.ThrowUnless(
                newest.Count > 0, "session.not_found",
                "There is no session of this folder yet; `reeve sessions list --all` lists those of others.");
            return newest[0];
        }

        var named = await _services.Store.FindSessionByNameAsync(
            TenantId.Local, PseudonymOf(text), cancellationToken);

        return named is { } id
            ? await LineOfAsync(new RunKey(TenantId.Local, id), cancellationToken)
            : await FindByRunAsync(text, cancellationToken);
    }

    public async Task<IReadOnlyList<RunLine>> RunsOfSessionAsync(
        RunKey session, CancellationToken cancellationToken)
    {
        var lines = new List<RunLine>();

        foreach (var record in await LineAsync(session, cancellationToken))
        {
            lines.Add(await LineOfRunAsync(record, cancellationToken));
        }

        return lines;
    }

    public async Task RenameSessionAsync(RunKey session, string name, CancellationToken cancellationToken)
    {
        var root = session with { Run = (await RecordAsync(session, cancellationToken)).Session };

        if (name.Length == 0)
        {
            await _services.Store.NameSessionAsync(root, null, [], cancellationToken);
            return;
        }

        await ThrowIfTakenAsync(name, root.Run, cancellationToken);
        var isFree = await _services.Store.NameSessionAsync(
            root, PseudonymOf(name), _keys.Wrap(root, Encoding.UTF8.GetBytes(name)), cancellationToken);
        Problem.ThrowUnless(isFree, "session.name_taken", "Another session has this name.");
    }

    public async IAsyncEnumerable<ExportedItem> ExportSessionAsync(
        RunKey session, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var line = await LineAsync(session, cancellationToken);

        for (var place = 0; place < line.Count; place++)
        {
            Problem.ThrowUnless(!line[place].IsErased, "session.erased", "The words of this session were deleted.");
            var export = new SessionExport(_services, line[place], isFirst: place == 0);

            await foreach (var item in export.ItemsAsync(cancellationToken))
            {
                yield return item;
            }
        }
    }

    public async Task DeleteSessionAsync(RunKey session, CancellationToken cancellationToken)
    {
        var line = await LineAsync(session, cancellationToken);
        Problem.ThrowUnless(
            line.All(IsOver), "run.not_finished",
            "A run of this session is not finished; let it end (`reeve resume`) or cancel it (`reeve cancel`) first.");

        // From the newest on: what is cut off in the middle is a shorter session, and can be deleted again.
        foreach (var record in line.Reverse())
        {
            await EraseAsync(record, cancellationToken);
        }

        await _services.Store.NameSessionAsync(
            session with { Run = line[0].Session }, null, [], cancellationToken);
    }

    private async Task EraseAsync(RunRecord record, CancellationToken cancellationToken)
    {
        if (!record.IsErased)
        {
            await using var holder = await RunHolder.TakeAsync(_services, record, cancellationToken);

            // A crash may have come between the two: then only the second remains to be done.
            if (!holder.State.IsErased)
            {
                await holder.AppendAsync(_ => new RunErased(holder.State.Sequence));
            }

            await _services.Store.EraseAllAsync(record.Run, cancellationToken);
        }

        await WorkspaceViews.DiscardAsync(
            RunPlaces.DirectoryOf(_options.DataDirectory, record.Run), cancellationToken);
    }

    private async Task<SessionLine> FindByRunAsync(string text, CancellationToken cancellationToken)
    {
        var found = await _services.Store.FindByPrefixAsync(TenantId.Local, text, cancellationToken);
        Problem.ThrowUnless(
            found.Count > 0, "session.not_found",
            "There is no session of this name, and no run that begins like this; `reeve sessions list --all` lists "
            + "them.");
        Problem.ThrowUnless(
            found.All(record => record.Session == found[0].Session), "session.ambiguous",
            "Runs of more than one session begin like this; give more of the identifier.");

        return await LineOfAsync(new RunKey(TenantId.Local, found[0].Session), cancellationToken);
    }

    private async Task<SessionLine> LineOfAsync(RunKey session, CancellationToken cancellationToken)
    {
        var line = await LineAsync(session, cancellationToken);
        var name = await _services.Store.SessionNameAsync(session, cancellationToken);

        return await LineOfAsync(
            new SessionRecord(
                session, line[^1].Run, line.Count, line[0].CreatedAt,
                line.Max(record => record.Projection.UpdatedAt), name ?? []),
            cancellationToken);
    }

    private async Task<SessionLine> LineOfAsync(SessionRecord record, CancellationToken cancellationToken)
    {
        var first = await RecordAsync(record.Session, cancellationToken);
        var head = await RecordAsync(record.Head, cancellationToken);
        var name = record.SealedName.Length == 0
            ? "" : Encoding.UTF8.GetString(_keys.Unwrap(record.Session, record.SealedName));

        return new SessionLine(
            record.Session, record.Head, name, await GoalAsync(first, cancellationToken), record.Runs,
            head.Projection.Status, record.BeganAt, record.UpdatedAt)
        {
            IsActive = record.UpdatedAt >= _options.Time.GetUtcNow() - _options.SessionActiveTime,
            IsErased = head.IsErased,
        };
    }

    private async Task ThrowIfTakenAsync(string? name, RunId? session, CancellationToken cancellationToken)
    {
        if (name is null)
        {
            return;
        }

        Problem.ThrowUnless(
            name.Length is > 0 and <= SessionNameLengthMax && name.Trim() == name && name != "last"
            && !name.Any(char.IsControl) && name[0] != '-',
            "session.name_invalid",
            $"A name has 1 to {SessionNameLengthMax} characters, begins with no dash, and is not the word last.");
        var holder = await _services.Store.FindSessionByNameAsync(
            TenantId.Local, PseudonymOf(name), cancellationToken);
        Problem.ThrowUnless(
            holder is null || holder == session, "session.name_taken",
            "Another session has this name; go on in it with `reeve -r NAME`, or take another name.");
    }

    /// <summary>Deletes sessions that are past their time, a few at each look.</summary>
    private async Task RetainAsync(CancellationToken cancellationToken)
    {
        if (_options.SessionTimeMax is not { } timeMax)
        {
            return;
        }

        var records = await _services.Store.SessionsAsync(TenantId.Local, null, int.MaxValue, cancellationToken);
        var retired = 0;

        foreach (var record in records.Reverse().Where(
            record => record.UpdatedAt < _options.Time.GetUtcNow() - timeMax))
        {
            var line = await LineAsync(record.Session, cancellationToken);

            if (line.All(IsOver) && line.Any(run => !run.IsErased) && retired++ < SessionsRetiredMax)
            {
                await DeleteSessionAsync(record.Session, cancellationToken);
            }
        }
    }

    private string PseudonymOf(string name) => _keys.Pseudonym($"session|{name}");
}
