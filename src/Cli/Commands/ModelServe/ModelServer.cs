using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reeve.Models.Scripted;

namespace Reeve.Cli.Commands.ModelServe;

/// <summary>Serves a script as a model server, in both dialects.</summary>
/// <remarks>It asks for no key, and answers nothing but what the script says.</remarks>
public sealed class ModelServer : IAsyncDisposable
{
    public const int RequestBytesMax = 64 * 1024 * 1024;
    public const int ConnectionsMax = 4_096;

    private readonly WebApplication _host;

    private ModelServer(WebApplication host) => _host = host;

    /// <summary>As <c>http://127.0.0.1:1234</c>, without a path.</summary>
    public string Url => _host.Urls.First().TrimEnd('/');

    /// <param name="port">0 lets the system choose a free one.</param>
    public static async Task<ModelServer> StartAsync(
        Script script, IPAddress address, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(address, port);
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = RequestBytesMax;
            options.Limits.MaxConcurrentConnections = ConnectionsMax;
        });

        var host = builder.Build();
        var scripted = new ScriptedHttp(script);
        host.Run(context => AnswerAsync(context, scripted, time));
        await host.StartAsync(cancellationToken).ConfigureAwait(false);

        return new ModelServer(host);
    }

    public Task WaitForShutdownAsync(CancellationToken cancellationToken) =>
        _host.WaitForShutdownAsync(cancellationToken);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context, ScriptedHttp scripted, TimeProvider time)
    {
        var gone = context.RequestAborted;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, gone).ConfigureAwait(false);
        var plan = scripted.Respond(
            context.Request.Method, context.Request.Path.Value ?? "/", body.GetBuffer().AsSpan(0, (int)body.Length));

        await Task.Delay(plan.Latency, time, gone).ConfigureAwait(false);
        context.Response.StatusCode = plan.Status;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        foreach (var (name, value) in plan.Headers)
        {
            context.Response.Headers[name] = value;
        }

        foreach (var piece in plan.Pieces)
        {
            await context.Response.Body.WriteAsync(piece, gone).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(gone).ConfigureAwait(false);
        }

        if (plan.End == ResponseEnd.Hang)
        {
            await context.Response.StartAsync(gone).ConfigureAwait(false);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, gone).ConfigureAwait(false);
        }
        else if (plan.End == ResponseEnd.Abort)
        {
            context.Abort();
        }
    }
}
