using Reeve.Authority.Policy;

namespace Reeve.Tools.Shell;

/// <summary>Knows which command lines check something, so that their exit code is evidence.</summary>
/// <remarks>
/// Only a chain of <c>&amp;&amp;</c> counts, because it fails when any of its parts does. A pipe, <c>||</c>,
/// <c>;</c>, a background job, a substitution or a builtin that bends the exit code makes the line no check.
/// This is about exit codes that were masked by the way; a model that plants a false <c>pytest</c> is caught by
/// criteria that the user gave and Reeve runs itself.
/// </remarks>
internal static class CheckCommands
{
    private static readonly string[][] s_checks =
    [
        .. """
        pytest
        py.test
        python -m pytest
        python -m unittest
        python -m mypy
        python -m ruff check
        python -m flake8
        python -m pylint
        python -m compileall
        python -m py_compile
        python -m tox
        python -m nox
        python manage.py test
        python setup.py test
        tox
        nox
        mypy
        pyright
        ruff check
        flake8
        pylint
        node --test
        node --check
        npm test
        npm t
        npm run test
        npm run build
        npm run lint
        npm run check
        npm run typecheck
        npm ci test
        yarn test
        yarn build
        yarn lint
        yarn run test
        yarn run build
        yarn run lint
        pnpm test
        pnpm build
        pnpm lint
        pnpm run test
        pnpm run build
        pnpm run lint
        bun test
        deno test
        deno check
        deno lint
        jest
        vitest
        vitest run
        mocha
        ava
        eslint
        tsc
        prettier --check
        playwright test
        cargo test
        cargo nextest run
        cargo check
        cargo build
        cargo clippy
        go test
        go build
        go vet
        golangci-lint run
        staticcheck
        dotnet test
        dotnet build
        dotnet format --verify-no-changes
        make test
        make check
        make all
        make build
        make lint
        make
        ninja
        ctest
        cmake --build
        meson test
        bazel test
        bazel build
        mvn test
        mvn verify
        mvn compile
        mvn package
        mvnw test
        mvnw verify
        gradle test
        gradle check
        gradle build
        gradlew test
        gradlew check
        gradlew build
        sbt test
        mix test
        rspec
        rake test
        rails test
        phpunit
        composer test
        swift test
        swift build
        zig test
        zig build
        shellcheck
        bats
        prove
        just test
        just check
        task test
        terraform validate
        """.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')),
    ];

    // Wrappers that pass the exit code on, with the words before the wrapped command.
    private static readonly string[][] s_runners =
    [
        ["uv", "run"], ["poetry", "run"], ["pipenv", "run"], ["hatch", "run"], ["rye", "run"], ["npx"],
        ["pnpm", "exec"], ["yarn", "exec"], ["bunx"], ["bundle", "exec"], ["time"], ["env"], ["nice"],
    ];

    // These ask a tool about itself or tell it to succeed.
    private static readonly HashSet<string> s_notChecking = new(StringComparer.Ordinal)
    {
        "--version", "-V", "--help", "-h", "--collect-only", "--co", "--dry-run", "--just-print", "--no-run",
        "--list", "--list-tests", "--passWithNoTests", "--exit-zero", "--if-present", "--ignore-errors", "--show-only",
    };

    private static readonly HashSet<string> s_bending = new(StringComparer.Ordinal)
    {
        "exit", "exec", "return", "trap", "alias", "eval", "source", ".", "set", "shopt", "enable", "hash", "break",
        "!",
    };

    public static bool IsCheck(string line)
    {
        var parsed = ShellGrammar.Parse(line);
        var hasOnlyChains = parsed.IsUnderstood
            && !line.Contains('!', StringComparison.Ordinal)
            && !line.Contains("$(", StringComparison.Ordinal)
            && !line.Contains('`', StringComparison.Ordinal);

        if (!hasOnlyChains)
        {
            return false;
        }

        var commands = parsed.Commands.Where(command => !command.IsNested).ToList();
        var isChain = commands.Count > 0
            && commands.SkipLast(1).All(command => command.Joint == ShellJoint.And)
            && commands[^1].Joint is ShellJoint.End
            && !commands.Any(IsBending);

        return isChain && commands.Any(IsCheck);
    }

    private static bool IsBending(SimpleCommand command) =>
        command.Words.IsEmpty ? command.Assignments.Length > 0 : s_bending.Contains(command.Words[0].Text);

    private static bool IsCheck(SimpleCommand command)
    {
        if (command.Words.Any(word => s_notChecking.Contains(word.Text)))
        {
            return false;
        }

        ReadOnlySpan<string> words = [.. command.Words.Select(word => word.Text)];
        var isDryRun = words is ["make" or "ninja" or "just", ..] && words.Contains("-n");

        return !isDryRun && Matches(WithoutRunners(words));
    }

    private static ReadOnlySpan<string> WithoutRunners(ReadOnlySpan<string> words)
    {
        var before = words.Length + 1;

        while (words.Length < before)
        {
            before = words.Length;

            foreach (var runner in s_runners)
            {
                words = words.StartsWith(runner) ? WithoutOptions(words[runner.Length..]) : words;
            }

            words = words is ["timeout", _, _, ..] ? WithoutOptions(words[1..])[1..] : words;
        }

        return words;
    }

    private static ReadOnlySpan<string> WithoutOptions(ReadOnlySpan<string> words)
    {
        while (words is [['-', ..], ..] || (words.Length > 0 && words[0].Contains('=', StringComparison.Ordinal)))
        {
            words = words[1..];
        }

        return words;
    }

    private static bool Matches(ReadOnlySpan<string> words)
    {
        if (words.IsEmpty)
        {
            return false;
        }

        var program = ProgramOf(words[0]);

        foreach (var check in s_checks)
        {
            if (string.Equals(check[0], program, StringComparison.Ordinal) && MatchesRest(check, words[1..]))
            {
                return true;
            }
        }

        return false;
    }

    // The words of the check come first among the arguments that follow; options may stand between.
    private static bool MatchesRest(ReadOnlySpan<string> check, ReadOnlySpan<string> arguments)
    {
        var at = 1;

        foreach (var argument in arguments)
        {
            if (at == check.Length)
            {
                break;
            }

            if (string.Equals(argument, check[at], StringComparison.Ordinal))
            {
                at++;
            }
            else if (!argument.StartsWith('-'))
            {
                return false;
            }
        }

        return at == check.Length;
    }

    private static string ProgramOf(string word)
    {
        var name = word[(word.LastIndexOf('/') + 1)..];
        var isPython = name.StartsWith("python", StringComparison.Ordinal)
            && name.AsSpan("python".Length).IndexOfAnyExcept("0123456789.") < 0;

        return isPython ? "python" : name;
    }
}
