namespace Reeve.Cli.Screen;

/// <summary>What keeps the bottom of a terminal for itself, as a session with its prompt does.</summary>
internal interface ISurface
{
    /// <summary>Shows the line that moves; an empty one takes it away.</summary>
    void Status(string text);

    /// <summary>Puts a question where the prompt is.</summary>
    /// <returns>What was entered; null when the person is gone.</returns>
    Task<string?> AskAsync(string question, CancellationToken cancellationToken);
}
