namespace Reeve.Cli.Interactive.Editing;

/// <summary>What could stand at the end of what was typed.</summary>
/// <param name="From">Where the part begins that a candidate replaces.</param>
internal sealed record Completion(int From, IReadOnlyList<string> Candidates)
{
    public const int CandidatesMax = 200;

    public static Completion None { get; } = new(0, []);

    /// <summary>The longest beginning that all candidates have.</summary>
    public string Common
    {
        get
        {
            var common = Candidates.Count > 0 ? Candidates[0] : "";

            foreach (var candidate in Candidates)
            {
                var length = 0;

                while (length < common.Length && length < candidate.Length && common[length] == candidate[length])
                {
                    length++;
                }

                common = common[..length];
            }

            return common;
        }
    }
}

/// <summary>Knows what may stand where. Asked with the text up to the cursor.</summary>
internal interface ICompleter
{
    Completion Complete(string textToCursor);
}
