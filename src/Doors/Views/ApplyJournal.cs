using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>The transactions of one view on disk, numbered from 1: a plan each and the marks of how far it
/// came.</summary>
/// <remarks>No plan: nothing was begun. A plan not finished is rolled back; finished but not closed is
/// closed.</remarks>
internal sealed class ApplyJournal(ViewDirectory directory) : IDisposable
{
    private const string PlanName = "plan", FinishedName = "finished", ClosedName = "closed";
    private const string RolledBackName = "rolled-back", UndoneName = "undone";

    private readonly SafeFileHandle _handle = directory.MakeSub(ViewDirectory.ApplyName, 0x1C0, owner: null);

    public int LastNumber => Numbers().DefaultIfEmpty(0).Max();

    /// <summary>The last transaction that is neither rolled back, nor undone, nor itself an undo.</summary>
    public int? LastApplied =>
        Numbers().OrderDescending()
            .Where(number => Has(number, ClosedName) && !Has(number, RolledBackName) && !Has(number, UndoneName))
            .Cast<int?>()
            .FirstOrDefault(number => ReadPlan(number!.Value) is { Undoes: 0 });

    /// <summary>The plans that the user's tree shows, oldest first.</summary>
    public IEnumerable<ApplyPlan> Applied =>
        Numbers().Order()
            .Where(number => Has(number, FinishedName) && !Has(number, RolledBackName) && !Has(number, UndoneName))
            .Select(ReadPlan)
            .OfType<ApplyPlan>()
            .Where(plan => plan.Undoes == 0);

    /// <summary>Where the transactions have put a branch, as far as they ran; null where it is none of
    /// theirs.</summary>
    public string? PlacedAt(string branch) =>
        Numbers().Order()
            .Where(number => Has(number, FinishedName))
            .Select(ReadPlan)
            .LastOrDefault(plan => plan?.Branch?.Name == branch)?.Branch!.To;

    public IReadOnlyList<int> Open =>
        [.. Numbers().Order().Where(number => Has(number, PlanName) && !Has(number, ClosedName))];

    public bool IsFinished(int number) => Has(number, FinishedName);

    public void Begin(int number, ApplyPlan plan)
    {
        Native.MakeDirectory(_handle, NameOf(number), 0x1C0);
        using var inside = Sub(number);
        TreeFiles.Sync(_handle);
        Record.Write(inside, PlanName, plan.Write);
    }

    public ApplyPlan? ReadPlan(int number)
    {
        using var inside = Sub(number);

        return Record.Read(inside, PlanName, ApplyPlan.Read);
    }

    public void MarkFinished(int number) => Mark(number, FinishedName);

    public void MarkRolledBack(int number) => Mark(number, RolledBackName);

    public void MarkUndone(int number) => Mark(number, UndoneName);

    public void MarkClosed(int number) => Mark(number, ClosedName);

    public void Dispose() => _handle.Dispose();

    private static byte[] NameOf(int number) =>
        NameCodec.Terminated(number.ToString(CultureInfo.InvariantCulture));

    private void Mark(int number, string mark)
    {
        using var inside = Sub(number);
        Record.Write(inside, mark, writer => writer.Write(number));
    }

    private bool Has(int number, string name)
    {
        using var inside = Sub(number);

        return TreeFiles.Stat(inside, name) is not null;
    }

    private SafeFileHandle Sub(int number) =>
        TreeFiles.TryOpen(_handle, number.ToString(CultureInfo.InvariantCulture), Native.OpenDirectory)
        ?? throw FileFailure.Of(Native.Error);

    private List<int> Numbers()
    {
        using var listed = Beneath.Open(_handle, ".", Native.OpenRead | Native.OpenDirectory, followLinks: false);

        return [.. TreeFiles.Names(listed).Select(name => int.Parse(name, CultureInfo.InvariantCulture))];
    }
}
