using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
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

        // Answers are at hand and nothing here blocks, so no answer waits for another thread.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, WideBlocks>();

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
        var plan = await PlanAsync(context.Request, scripted, gone).ConfigureAwait(false);

        if (plan.Latency > TimeSpan.Zero)
        {
            await Task.Delay(plan.Latency, time, gone).ConfigureAwait(false);
        }

        context.Response.StatusCode = plan.Status;

        foreach (var (name, value) in plan.Headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.StartAsync(gone).ConfigureAwait(false);
        var body = context.Response.BodyWriter;

        // The only piece leaves together with the head and the end, in one packet where it fits.
        if (plan is { Pieces: [var whole], End: ResponseEnd.Complete })
        {
            body.Write(whole.Span);
            return;
        }

        foreach (var piece in plan.Pieces)
        {
            await body.WriteAsync(piece, gone).ConfigureAwait(false);
        }

        if (plan.End == ResponseEnd.Hang)
        {
            await body.FlushAsync(gone).ConfigureAwait(false);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, gone).ConfigureAwait(false);
        }
        else if (plan.End == ResponseEnd.Abort)
        {
            context.Abort();
        }
    }

    private static async Task<ResponsePlan> PlanAsync(
        HttpRequest request, ScriptedHttp scripted, CancellationToken cancellationToken)
    {
        var read = await request.BodyReader.ReadAsync(cancellationToken).ConfigureAwait(false);

        while (!read.IsCompleted)
        {
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await request.BodyReader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        var length = (int)read.Buffer.Length;
        var bytes = ArrayPool<byte>.Shared.Rent(length);

        try
        {
            read.Buffer.CopyTo(bytes);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            return scripted.Respond(request.Method, request.Path.Value ?? "/", bytes.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
