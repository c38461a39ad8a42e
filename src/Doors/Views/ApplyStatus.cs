namespace Reeve.Doors.Views;

/// <summary>How an apply or an undo ended.</summary>
public enum ApplyStatus
{
    NothingToDo = 0,
    Applied,
    Undone,
    Conflict,
}
