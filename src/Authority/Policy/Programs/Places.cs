namespace Reeve.Authority.Policy.Programs;

/// <summary>What a path means for reading outside the sandbox, by its text alone.</summary>
/// <remarks>
/// Inside the workspace ordinary files are read unasked; elsewhere only names, and the contents of public system
/// files. Keys, passwords, histories and what processes hold are asked about wherever they lie. The list names
/// places by custom; a secret in a file with an ordinary name is not recognised.
/// </remarks>
internal static class Places
{
    private static readonly HashSet<string> s_secretNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".netrc", "_netrc", ".pgpass", ".my.cnf", ".npmrc", ".yarnrc.yml",
        ".pypirc", ".git-credentials", ".envrc", ".env", ".lesshst", ".viminfo", ".vault-token", ".vault_pass",
        ".htpasswd", ".terraformrc", ".terraform.d", ".password-store", ".mozilla", ".thunderbird", ".docker", ".boto",
        ".s3cfg", ".gem", ".cargo-credentials", ".dockercfg", ".dockerconfigjson", ".pki", ".esmtprc", ".msmtprc",
        ".fetchmailrc", ".pwd.lock", ".rhosts", ".shosts", ".Xauthority", ".ICEauthority", ".gitcookies", ".hgrc",
        "credentials", "credentials.json", "credentials.yml", "credentials.yaml", "credentials.toml", "secrets.json",
        "secrets.yml", "secrets.yaml", "secrets.toml", "shadow", "shadow-", "gshadow", "gshadow-",
        "master.passwd", "sudoers", "sudoers.d", "opasswd", "keyrings", 
        "Login Data", "Cookies", "logins.json", "key4.db", "wallet.dat", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519",
        "id_ed25519_sk", "id_ecdsa_sk", "authorized_keys", "service-account.json", "service_account.json",
        "terraform.tfvars", "vault.yml", "kubeconfig", ".token", "private.key", "kcore", "kallsyms",
        "krb5.keytab", "ssl-cert-snakeoil.key", "application_default_credentials.json", "auth.json",
    };

    private static readonly string[] s_secretEnds =
    [
        "_history", ".pem", ".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk", ".keytab", ".gpg",
        ".tfstate", "_rsa", "_ed25519", "_ecdsa", "_dsa", "-history", ".ovpn",
    ];

    private static readonly string[] s_templates = [".example", ".sample", ".template", ".dist", ".defaults"];

    private static readonly HashSet<string> s_publicFiles = new(StringComparer.Ordinal)
    {
        "/etc/os-release", "/etc/lsb-release", "/etc/debian_version", "/etc/redhat-release", "/etc/alpine-release",
        "/etc/issue", "/etc/hostname", "/etc/hosts", "/etc/timezone", "/etc/localtime", "/etc/resolv.conf",
        "/etc/services", "/etc/protocols", "/etc/shells", "/etc/mime.types", "/etc/nsswitch.conf", "/etc/locale.gen",
        "/proc/cpuinfo", "/proc/meminfo", "/proc/version", "/proc/uptime", "/proc/loadavg", "/proc/stat",
        "/proc/filesystems", "/proc/partitions", "/proc/swaps", "/proc/diskstats", "/proc/mounts", "/dev/null",
        "/dev/stdin", "/dev/zero", "/dev/urandom", "/dev/random", "/dev/full", "/etc/fstab", "/etc/ld.so.conf",
        "/etc/group", "/etc/networks",
    };

    private static readonly string[] s_publicFolders =
    [
        "/usr/share/", "/usr/include/", "/usr/lib/", "/usr/lib64/", "/usr/bin/", "/usr/sbin/", "/usr/src/",
        "/usr/local/share/", "/usr/local/include/", "/usr/local/lib/", "/usr/local/bin/", "/lib/", "/bin/", "/sbin/",
    ];

    private static readonly string[] s_patternSamples =
    [
        ".env", ".ssh", ".aws", ".netrc", ".npmrc", ".bash_history", ".git-credentials", ".gnupg", ".kube", ".docker",
        "id_rsa", "id_ed25519", "shadow", "credentials", ".pgpass", ".pypirc", "environ", "sudoers",
    ];

    private static readonly string[] s_anyBeginnings = ["*", "[a-z]*", "[A-Z]*", "[a-zA-Z]*", "[A-Za-z]*"];

    /// <summary>Where a path lies, with <c>.</c> and <c>..</c> resolved by text.</summary>
    /// <param name="depth">How many folders below the workspace's root the command surely works.</param>
    public static Place Of(string path, int depth = 0)
    {
        if (path.Length == 0 || path.Length > WorkspacePath.PathCharsMax)
        {
            return Place.Outside;
        }

        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);

        if (IsSecret(parts))
        {
            return Place.Secret;
        }

        if (path[0] == '/')
        {
            return OfAbsolute(parts);
        }

        if (path[0] == '~')
        {
            return Place.Outside;
        }

        var level = depth;

        foreach (var part in parts)
        {
            level += part switch { "." => 0, ".." => -1, _ => 1 };

            if (level < 0)
            {
                return Place.Outside;
            }
        }

        return Place.Inside;
    }

    /// <summary>Something in the text names a place where secrets are kept.</summary>
    public static bool NamesSecret(string text) =>
        IsSecret(text.Split(['/', ':', '=', ',', ' '], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Reeve's own configuration, journal and data.</summary>
    public static bool IsReeves(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);

        for (var index = 0; index < parts.Length; index++)
        {
            var isFolder = parts[index].Equals(".reeve", StringComparison.OrdinalIgnoreCase)
                || (parts[index].Equals("reeve", StringComparison.OrdinalIgnoreCase) && index > 0
                    && parts[index - 1] is ".config" or "share" or "state" or ".cache" or "etc" or "lib");

            if (isFolder)
            {
                return true;
            }
        }

        return false;
    }

    private static Place OfAbsolute(string[] parts)
    {
        var resolved = new List<string>();

        foreach (var part in parts)
        {
            if (part == "..")
            {
                resolved.RemoveRange(Math.Max(0, resolved.Count - 1), Math.Min(1, resolved.Count));
            }
            else if (part != ".")
            {
                resolved.Add(part);
            }
        }

        var path = "/" + string.Join('/', resolved);

        if (resolved is ["proc", .., "environ" or "mem" or "maps" or "cmdline" or "stack" or "auxv"]
            || (resolved is ["proc", var process, _, ..] && process is not ("sys" or "net")))
        {
            return Place.Secret;
        }

        var isPublic = s_publicFiles.Contains(path) || s_publicFolders.Any(folder =>
            (path + "/").StartsWith(folder, StringComparison.Ordinal));

        return isPublic ? Place.Public : Place.Outside;
    }

    private static bool IsSecret(string[] parts) => parts.Any(IsSecretName);

    private static bool IsSecretName(string name)
    {
        if (s_secretNames.Contains(name))
        {
            return true;
        }

        if (name.StartsWith(".env.", StringComparison.OrdinalIgnoreCase))
        {
            return !s_templates.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));
        }

        if (s_secretEnds.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase)))
        {
            return true;
        }

        // A pattern that begins as a secret's name does; what matches any beginning does not reach names with a dot.
        return name.AsSpan().IndexOfAny('*', '?', '[') >= 0
            && !s_anyBeginnings.Any(any => name.StartsWith(any, StringComparison.Ordinal))
            && s_patternSamples.Any(sample => PathGlob.MatchPart(name, sample)
                && (sample[0] != '.' || name[0] == '.'));
    }
}

/// <summary>How much a path gives away.</summary>
internal enum Place
{
    Secret = 0,
    Outside,
    Public,
    Inside,
}
