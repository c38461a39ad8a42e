using System.Globalization;

namespace Reeve.Tests.Unit.Authority.Secrets;

/// <summary>Made-up secrets of each format, drawn from a seed; none was ever issued.</summary>
internal static class Samples
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string Hex = "0123456789abcdef";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>Kind and shape; {a40} is 40 letters and digits, {h} hexadecimal, {u} upper case, {d} digits.</summary>
    public static readonly (string Kind, string Shape)[] Shapes =
    [
        ("aws-access-key-id", "AKIA{u16}"), ("aws-access-key-id", "ASIA{u16}"), ("github-token", "ghp_{a36}"),
        ("github-token", "gho_{a36}"), ("github-token", "ghs_{a36}"), ("github-token", "github_pat_{a22}_{a59}"),
        ("gitlab-token", "glpat-{a20}"), ("slack-token", "xoxb-{d12}-{d12}-{a24}"),
        ("slack-token", "xapp-1-A{u10}-{d13}-{h64}"),
        ("slack-webhook", "hooks.slack.com/services/T{u8}/B{u8}/{a24}"), ("stripe-key", "sk_live_{a24}"),
        ("stripe-key", "rk_test_{a99}"), ("stripe-webhook-secret", "whsec_{a32}"),
        ("anthropic-key", "sk-ant-api03-{a93}AA"), ("openai-key", "sk-proj-{a48}"), ("openai-key", "sk-{a48}"),
        ("openrouter-key", "sk-or-v1-{h64}"), ("google-api-key", "AIza{a35}"), ("google-oauth-secret", "GOCSPX-{a28}"),
        ("google-oauth-token", "ya29.{a60}"), ("azure-storage-key", "AccountKey={a86}=="),
        ("azure-client-secret", "{a3}8Q~{a34}"), ("npm-token", "npm_{a36}"),
        ("pypi-token", "pypi-AgEIcHlwaS5vcmc{a60}"),
        ("docker-token", "dckr_pat_{a27}"), ("sendgrid-key", "SG.{a22}.{a43}"), ("twilio-key", "SK{h32}"),
        ("mailgun-key", "key-{h32}"), ("telegram-token", "{d9}:AA{a33}"), ("discord-token", "M{a23}.{a6}.{a27}"),
        ("jwt", "eyJhbGciOiJIUzI1NiJ9.eyJ{a40}.{a43}"), ("age-key", "AGE-SECRET-KEY-1{u58}"),
        ("heroku-key", "HRKU-{a60}"), ("digitalocean-token", "dop_v1_{h64}"), ("huggingface-token", "hf_{a34}"),
        ("databricks-token", "dapi{h32}"), ("shopify-token", "shpat_{h32}"), ("square-token", "sq0csp-{a43}"),
        ("postman-key", "PMAK-{h24}-{h34}"), ("new-relic-key", "NRAK-{u27}"), ("sentry-token", "sntrys_{a80}"),
        ("grafana-token", "glsa_{a32}_{h8}"), ("linear-key", "lin_api_{a40}"), ("notion-token", "ntn_{a46}"),
        ("atlassian-token", "ATATT3{a180}"), ("vault-token", "hvs.{a90}"), ("pulumi-token", "pul-{h40}"),
        ("planetscale-token", "pscale_tkn_{a43}"), ("supabase-key", "sbp_{h40}"), ("doppler-token", "dp.pt.{a43}"),
        ("rubygems-key", "rubygems_{h48}"), ("nuget-key", "oy2{a43}"), ("replicate-token", "r8_{a37}"),
        ("groq-key", "gsk_{a52}"), ("xai-key", "xai-{a80}"), ("sonar-token", "squ_{h40}"),
        ("mailchimp-key", "{h32}-us12"), ("tailscale-key", "tskey-auth-{a12}-{a32}"), ("nvidia-key", "nvapi-{a64}"),
    ];

    public static string Draw(string shape, int seed)
    {
        var random = new Random(seed);
        var drawn = new System.Text.StringBuilder();

        for (var at = 0; at < shape.Length; at++)
        {
            if (shape[at] != '{')
            {
                drawn.Append(shape[at]);
                continue;
            }

            var close = shape.IndexOf('}', at);
            var letters = shape[at + 1] switch { 'h' => Hex, 'u' => Upper, 'd' => "123456789", _ => Alphanumeric };
            var count = int.Parse(shape[(at + 2)..close], CultureInfo.InvariantCulture);
            drawn.Append(random.GetItems<char>(letters, count));
            at = close;
        }

        return drawn.ToString();
    }
}
