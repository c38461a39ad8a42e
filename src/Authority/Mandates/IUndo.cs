namespace Reeve.Authority.Mandates;

/// <summary>The right to take back what calls of the same run did to its view; the user's own tree stays as it
/// is.</summary>
public interface IUndo : IGrant
{
    /// <summary>Brings back exactly the tree before the latest calls that changed it.</summary>
    /// <param name="changes">How many changes of the tree are taken back.</param>
    /// <exception cref="ProblemException"><c>undo.nothing_left</c>: there are not as many.</exception>
    Task UndoAsync(int changes, CancellationToken cancellationToken);
}
