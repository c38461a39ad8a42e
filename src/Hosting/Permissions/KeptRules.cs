using System.Text.Json;
using Reeve.Authority;
using Reeve.Authority.Policy;
using Reeve.Doors.Files;
using Reeve.Kernel.Approvals;

namespace Reeve.Hosting.Permissions;

/// <summary>The rules that a person approved for a folder or for good. They outlive processes and can be
/// revoked.</summary>
public sealed class KeptRules(string home)
{
    private readonly StateFile _file = new(home, "approvals.json");

    public IReadOnlyList<KeptRule> List() => Parse(_file.Read());

    /// <summary>The rules that count for runs of a folder.</summary>
    public IReadOnlyList<string> For(string workspace) =>
    [
        .. List().Where(kept => kept.Workspace is null || kept.Workspace == workspace)
            .Select(kept => kept.Rule).Distinct(StringComparer.Ordinal),
    ];

    /// <param name="workspace">Null for a rule that counts everywhere.</param>
    public void Keep(IEnumerable<string> rules, string? workspace, string by, DateTimeOffset at) =>
        _file.Change(bytes =>
        {
            var kept = Parse(bytes);
            var scope = workspace is null ? ApprovalScope.Always : ApprovalScope.Project;

            foreach (var rule in rules.Select(StandingApprovals.Parse))
            {
                kept.RemoveAll(known => known.Rule == rule && known.Workspace == workspace);
                kept.Add(new KeptRule(rule, scope, workspace, by, at));
            }

            Problem.ThrowUnless(
                kept.Count <= StandingApprovals.RulesMax, "rule.too_many",
                $"At most {StandingApprovals.RulesMax} rules can be kept; revoke some: `reeve permissions revoke`.");
            return JsonSerializer.SerializeToUtf8Bytes(kept, PermissionShapes.Default.ListKeptRule);
        });

    /// <returns>How many were removed.</returns>
    public int Revoke(string rule)
    {
        var removed = 0;
        _file.Change(bytes =>
        {
            var kept = Parse(bytes);
            removed = kept.RemoveAll(known => known.Rule == rule);
            return removed == 0
                ? null : JsonSerializer.SerializeToUtf8Bytes(kept, PermissionShapes.Default.ListKeptRule);
        });

        return removed;
    }

    private static List<KeptRule> Parse(byte[]? bytes)
    {
        try
        {
            var kept = bytes is null ? [] : JsonSerializer.Deserialize(bytes, PermissionShapes.Default.ListKeptRule);

            // A rule that cannot be read would stop every run, and say nothing of where it stands.
            return kept is null || kept.Exists(rule => rule is null || StandingApprovals.Parse(rule.Rule) != rule.Rule)
                ? throw new JsonException() : kept;
        }
        catch (Exception malformed) when (malformed is JsonException or ProblemException)
        {
            throw new ProblemException(new Problem(
                "state.malformed", "approvals.json of the data directory cannot be read; remove it and approve anew."));
        }
    }
}

/// <summary>A rule that a person approved.</summary>
/// <param name="Workspace">The folder it counts for; null for every one.</param>
public sealed record KeptRule(string Rule, ApprovalScope Scope, string? Workspace, string By, DateTimeOffset At);
