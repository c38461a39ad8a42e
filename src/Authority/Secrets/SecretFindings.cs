namespace Reeve.Authority.Secrets;

/// <summary>Brings findings into order and joins those that overlap; the more telling kind names the whole.</summary>
internal static class SecretFindings
{
    public static List<SecretFinding> InOrder(List<SecretFinding> found)
    {
        if (!IsInOrder(found))
        {
            found.Sort(Compare);
        }

        var joined = new List<SecretFinding>(found.Count);

        foreach (var finding in found)
        {
            if (joined.Count == 0 || finding.Start >= joined[^1].End)
            {
                joined.Add(finding);
                continue;
            }

            var last = joined[^1];
            var kind = Rank(finding.Kind) < Rank(last.Kind) ? finding.Kind : last.Kind;
            joined[^1] = new SecretFinding(last.Start, Math.Max(last.End, finding.End) - last.Start, kind);
        }

        return joined;
    }

    private static bool IsInOrder(List<SecretFinding> found)
    {
        for (var place = 1; place < found.Count; place++)
        {
            if (Compare(found[place - 1], found[place]) > 0)
            {
                return false;
            }
        }

        return true;
    }

    private static int Compare(SecretFinding left, SecretFinding right) => left.Start != right.Start
        ? left.Start.CompareTo(right.Start)
        : (Rank(left.Kind), -left.Length, left.Kind).CompareTo((Rank(right.Kind), -right.Length, right.Kind));

    private static int Rank(string kind) => kind switch
    {
        "secret-value" => 3,
        "password" => 2,
        "bearer-token" or "basic-auth" or "url-credential" => 1,
        _ => 0,
    };
}
