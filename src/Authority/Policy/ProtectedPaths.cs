namespace Reeve.Authority.Policy;

/// <summary>What no mode and no rule lets an agent change: a repository's own data and Reeve's configuration.</summary>
/// <remarks>
/// A hook or a filter in <c>.git</c> runs later outside the sandbox, with the user's rights; <c>.reeve</c> holds
/// the policy itself. Case is ignored, because a workspace may lie on a file system that ignores it.
/// </remarks>
internal static class ProtectedPaths
{
    public static bool Contains(ReadOnlySpan<char> path)
    {
        foreach (var range in path.Split('/'))
        {
            var part = path[range];

            if (part.Equals(".git", StringComparison.OrdinalIgnoreCase)
                || part.Equals(".reeve", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
