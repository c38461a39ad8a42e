using Reeve.Authority;
using Reeve.Hosting.Configuration;
using Reeve.Kernel.Hooks;

namespace Reeve.Hosting.Permissions;

/// <summary>The hooks that a trusted folder brings along in <c>.reeve/hooks.yaml</c>: lists under the names of the
/// points, and nothing else.</summary>
/// <remarks>They stand behind the operator's, and count under the operator's word about failures and rounds.</remarks>
internal static class FolderHooks
{
    public const string Path = ".reeve/hooks.yaml";

    private const string Origin = "hooks of the workspace";

    private static readonly string[] s_points = ["beforeTool", "afterTool", "prompt", "stop", "compaction"];

    /// <param name="operators">What the operator's configuration says; nothing of it is lost.</param>
    /// <exception cref="ProblemException"><c>config.*</c></exception>
    public static HookTerms Join(HookTerms operators, ReadOnlySpan<byte> bytes)
    {
        var entries = YamlReader.Read(PolicyText.TextOf(bytes, Origin), Origin).Entries;
        var unknown = entries.FirstOrDefault(entry => !s_points.Contains(entry.Key, StringComparer.Ordinal));
        Problem.ThrowUnless(
            unknown is null, "config.unknown_key",
            $"The {Origin} have {string.Join(", ", s_points)}, and nothing else (line {unknown?.Line}).");

        return operators with
        {
            BeforeTool = [.. operators.BeforeTool, .. Of("beforeTool")],
            AfterTool = [.. operators.AfterTool, .. Of("afterTool")],
            Prompt = [.. operators.Prompt, .. Of("prompt")],
            Stop = [.. operators.Stop, .. Of("stop")],
            Compaction = [.. operators.Compaction, .. Of("compaction")],
        };

        IEnumerable<HookTerm> Of(string point)
        {
            if (entries.FirstOrDefault(entry => entry.Key == point) is not { } entry)
            {
                return [];
            }

            Problem.ThrowUnless(
                entry.Value is YamlList { Items.Length: <= HookReader.HooksMax }, "config.invalid_value",
                $"The {Origin} have a list of at most {HookReader.HooksMax} hooks under {point} (line {entry.Line}).");
            return [.. ((YamlList)entry.Value).Items.Select(item => HookReader.Read(item, $"hooks.{point}", Origin))];
        }
    }
}
