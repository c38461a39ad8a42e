using System.Buffers;
using System.Collections.Immutable;

namespace Reeve.Authority.Secrets;

/// <summary>Finds secrets in text: by the shapes providers give them, and by the names they are assigned to.</summary>
/// <remarks>
/// One pass looks for anchors and lets the rules of each verify a bounded piece around it. Lines with escapes or
/// joined quotes are read once more with these resolved, and long runs of base64 once more decoded. Every step is
/// linear in the text. Findings come in order and do not overlap.
/// </remarks>
public sealed class SecretScanner
{
    private readonly ImmutableArray<SecretRule> _rules;
    private readonly AnchorIndex _index;

    internal SecretScanner(IEnumerable<SecretRule> rules)
    {
        _rules = [.. rules];
        _index = new AnchorIndex(_rules);
    }

    /// <summary>All formats that are known without being told.</summary>
    public static SecretScanner Default { get; } = new(KnownRules());

    internal ImmutableArray<SecretRule> Rules => _rules;

    public IReadOnlyList<SecretFinding> Find(ReadOnlySpan<byte> text)
    {
        var found = new List<SecretFinding>();
        FindDirect(text, found);
        DiscordTokens.Find(text, found);
        EscapedText.Find(this, text, found);
        EncodedText.Find(this, text, found);

        return SecretFindings.InOrder(found);
    }

    internal static IEnumerable<SecretRule> KnownRules() =>
    [
        .. TokenTable.Rules(), new PrivateKeyRule(), new WebTokenRule(), new AddressPasswordRule(), new TelegramRule(),
        new AzureClientSecretRule(), new MailchimpRule(), new TwilioRule(), new WebhookRule(), new AssignmentRule(),
        new AuthorizationRule(),
    ];

    /// <summary>Finds what stands in the text as it is.</summary>
    internal void FindDirect(ReadOnlySpan<byte> text, List<SecretFinding> found) => _index.Match(text, found);
}
