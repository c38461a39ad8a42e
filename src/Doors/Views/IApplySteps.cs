namespace Reeve.Doors.Views;

/// <summary>Told before each durable step of an apply, an undo or a recovery, so that a simulation can cut
/// there.</summary>
public interface IApplySteps
{
    void Before(ApplyStep step);
}
