using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Reeve.Doors.Processes;

/// <summary>How commands are contained: the tier, the limits, the sockets and the tools that are lent.</summary>
/// <remarks>
/// It comes from the operator's configuration alone. Two profiles with the same <see cref="Digest"/> build the
/// same sandbox, so a verification of one holds for the other.
/// </remarks>
public sealed record SandboxProfile
{
    public const string BubblewrapTier = "bubblewrap";

    /// <summary>How many toolchains one profile can bind.</summary>
    public const int ToolchainsMax = 64;

    public static SandboxProfile Default { get; } = new();

    public string Tier => BubblewrapTier;

    public SandboxLimits Limits { get; init; } = SandboxLimits.Default;

    public SandboxNetwork Network { get; init; } = SandboxNetwork.Off;

    /// <summary>Read-only folders of the host beyond its system files, each at its own path.</summary>
    public IReadOnlyList<ToolchainGrant> Toolchains { get; init; } = [];

    /// <summary>Folders beside the workspace that commands may read.</summary>
    public IReadOnlyList<SandboxFolder> Folders { get; init; } = [];

    /// <summary>The program that builds the sandbox.</summary>
    public string BubblewrapPath { get; init; } = "/usr/bin/bwrap";

    /// <summary>The SHA-256 of the system call filter that is in force.</summary>
    public string FilterDigest => Seccomp.DigestOf(Network);

    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{Tier}\n{BubblewrapPath}\n{Limits}\n{Network}\n{FilterDigest}\n{LentText}"))));

    private string LentText => string.Join('\n', Toolchains) + string.Concat(Folders.Select(folder => $"\n{folder}"));
}
