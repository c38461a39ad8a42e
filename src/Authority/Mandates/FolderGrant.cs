using System.Text.Json.Serialization;

namespace Reeve.Authority.Mandates;

/// <summary>A folder beside the workspace that a run may read, and nothing else.</summary>
/// <param name="Name">Letters, digits and <c>. _ -</c>; file tools read it as <c>@name</c>.</param>
/// <param name="Directory">Where it lies on this machine, links resolved.</param>
public sealed record FolderGrant(string Name, string Directory)
{
    /// <summary>How many one run can have.</summary>
    public const int CountMax = 16;

    /// <summary>Where commands see the folders, each under its name.</summary>
    public const string Mount = "/folders";

    /// <summary>The first part of the paths by which file tools read it.</summary>
    [JsonIgnore]
    public string Root => "@" + Name;
}
