namespace Reeve.Cli.Interactive;

/// <summary>Questions to the person, asked one after the other at the prompt.</summary>
/// <param name="onChange">Called where another question, or none, stands at the prompt now.</param>
internal sealed class Questions(Action onChange)
{
    private readonly SemaphoreSlim _turn = new(1);
    private TaskCompletionSource<string?>? _answer;

    /// <summary>What is asked now; null when nothing is.</summary>
    public string? Current { get; private set; }

    public async Task<string?> AskAsync(string question, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);

        try
        {
            _answer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            Current = question;
            onChange();
            return await _answer.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            Current = null;
            _answer = null;
            onChange();
            _turn.Release();
        }
    }

    /// <param name="answer">Null says that nobody will answer.</param>
    public void Answer(string? answer) => _answer?.TrySetResult(answer);
}
