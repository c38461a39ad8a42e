using System.ComponentModel;
using System.Globalization;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools;

/// <summary>Tells an agent the date and the time, which no model knows.</summary>
public sealed class NowTool() : Tool<NowTool.Arguments>(ToolShapes.Default)
{
    public sealed record Arguments;

    public override ToolSpec Spec { get; } = new(
        Name: "now",
        Summary: "Tells the date and time: UTC and local, weekday and time zone, as JSON.",
        EffectClass: EffectClass.Pure,
        Needs: [typeof(IClock)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        [new Effect(EffectKind.None, string.Empty)];

    protected override Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        var clock = context.Grant<IClock>();
        var now = clock.UtcNow;
        var local = TimeZoneInfo.ConvertTime(now, clock.Zone);
        var page = JsonPage.Write(json =>
        {
            json.WriteString("utc", now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteString("local", local.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));
            json.WriteString("weekday", local.ToString("dddd", CultureInfo.InvariantCulture));
            json.WriteString("zone", clock.Zone.Id);
            json.WriteNumber("unixSeconds", now.ToUnixTimeSeconds());
        });

        return Task.FromResult(new ToolOutput(page, Label.BuiltIn));
    }
}
