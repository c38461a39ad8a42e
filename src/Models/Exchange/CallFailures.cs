using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Models;

namespace Reeve.Models.Exchange;

/// <summary>The failures of a call that do not come from the provider's own words.</summary>
internal static class CallFailures
{
    public static ModelCallException Truncated() => Sent(
        "model.truncated", "The reply of the model was cut short.", isRetryable: true);

    public static ModelCallException MalformedStream() => Sent(
        "model.malformed", "The reply of the model is not what its protocol says.", isRetryable: true);

    /// <summary>A whole document that makes no sense would make none the next time.</summary>
    public static ModelCallException MalformedDocument() => Sent(
        "model.malformed", "The answer of the model server is not a reply; check that the base URL is right.",
        isRetryable: false);

    public static ModelCallException TooLarge(ModelTimeouts limits) => Sent(
        "model.reply_too_large", SentenceOfSize(limits), isRetryable: false);

    /// <summary>More parts than any reply needs: no setting lets them in.</summary>
    public static ModelCallException TooMany(int countMax, string parts) => Sent(
        "model.reply_too_large",
        $"The reply of the model has more than {countMax} {parts}, which is a fixed limit; ask for smaller steps.",
        isRetryable: false);

    public static ModelCallException Of(ReachException failure, ModelTimeouts limits)
    {
        var (code, sentence) = failure.Problem.Code switch
        {
            "net.timeout" => ("model.timeout", "The model did not finish its reply in time."),
            "net.silent" => ("model.silent", "The model sent nothing for too long."),
            "net.cut_off" => ("model.truncated", "The reply of the model was cut short."),
            "net.response_too_large" => ("model.reply_too_large", SentenceOfSize(limits)),
            "net.response_invalid" => ("model.malformed", "The model server does not speak valid HTTP."),
            "net.rate_limited" => ("model.rate_limited", "The provider asked for fewer requests."),
            "net.breaker_open" => ("model.breaker_open",
                "The provider failed repeatedly and is left alone for a while."),
            "net.busy" => ("model.overloaded", "Too many requests wait for this provider."),
            _ => ("model.unreachable", $"The model server cannot be reached. {failure.Problem.Message}"),
        };

        return new ModelCallException(
            new Problem(code, sentence, failure.Problem.IsRetryable), failure.WasSent, failure.RetryAfter);
    }

    private static string SentenceOfSize(ModelTimeouts limits) =>
        $"The reply of the model is larger than {limits.ReplyBytesMax >> 20} megabytes;"
        + " set models.replyMegabytes higher in the configuration if replies of this model may be so large.";

    private static ModelCallException Sent(string code, string sentence, bool isRetryable) =>
        new(new Problem(code, sentence, isRetryable), wasSent: true);
}
