using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;

namespace Reeve.Tests.Shared;

/// <summary>Keeps all that a model is told.</summary>
public sealed class ListeningModel(IModel inner) : IModel
{
    private readonly List<string> _heard = [];

    public string Name => inner.Name;

    public string Heard => string.Join('\n', _heard);

    public Task<ModelReply> CallAsync(
        ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken)
    {
        _heard.Add(request.SystemPrompt);
        _heard.AddRange(request.Messages.SelectMany(message => message.Parts).Select(part => part switch
        {
            TextPart text => text.Text,
            ToolResultPart result => result.Text,
            ToolCallPart call => call.Arguments,
            _ => "",
        }));

        return inner.CallAsync(request, onDelta, cancellationToken);
    }
}
