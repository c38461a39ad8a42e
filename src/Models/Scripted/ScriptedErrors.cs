using System.Globalization;

namespace Reeve.Models.Scripted;

/// <summary>How a scripted server words a failure.</summary>
internal static class ScriptedErrors
{
    public static IReadOnlyDictionary<string, string> HeadersOf(ScriptFault fault) =>
        fault.RetryAfterSeconds is { } seconds
            ? new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["retry-after"] = seconds.ToString(CultureInfo.InvariantCulture),
            }
            : new Dictionary<string, string>(StringComparer.Ordinal);

    public static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
