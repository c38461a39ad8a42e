namespace Reeve.Tools.Builds;

/// <summary>A command of a stack: as the gate is told of it, and as the shell of the sandbox runs it.</summary>
/// <param name="Line">What a person would have typed.</param>
/// <param name="Script">
/// Ours, and constant. <c>$1</c> is the filter; what goes to descriptor 3 or to <c>$r</c> is the report. Ends with
/// exit code 97 where the program is not there.
/// </param>
/// <param name="TakesFilter">Whether tests can be chosen by name.</param>
/// <param name="HasBareLines">Whether <c>file:line: text</c> without a severity is an error.</param>
internal sealed record BuildCommand(
    string Line, string Script, bool TakesFilter = false, bool HasBareLines = false);

/// <summary>The table of commands. A machine format is asked for wherever the program has one.</summary>
internal static class BuildCommands
{
    private const string Syntax = """
        import json, os, sys
        found = []
        others = ('node_modules', '__pycache__', 'venv')
        for folder, folders, names in os.walk('.'):
            folders[:] = [f for f in folders if not f.startswith('.') and f not in others]
            for name in names:
                if name.endswith('.py'):
                    path = os.path.join(folder, name)
                    try:
                        compile(open(path, 'rb').read(), path, 'exec')
                    except (SyntaxError, ValueError) as wrong:
                        found.append({'severity': 'error', 'file': path, 'line': getattr(wrong, 'lineno', None),
                            'column': getattr(wrong, 'offset', None), 'message': getattr(wrong, 'msg', str(wrong))})
        json.dump({'runner': 'python syntax', 'findings': found}, open('/tmp/reeve-report/out', 'w'))
        sys.exit(1 if found else 0)
        """;

    private const string Unittest = """
        import json, os, sys, traceback, unittest
        found = []
        class Result(unittest.TextTestResult):
            good = skipped = 0
            def note(self, test, err):
                frames = [f for f in traceback.extract_tb(err[2])
                    if f.filename.startswith(os.getcwd()) and 'site-packages' not in f.filename]
                where = frames[-1] if frames else None
                found.append({'severity': 'failed', 'name': test.id(), 'file': where.filename if where else '',
                    'line': where.lineno if where else None,
                    'message': ''.join(traceback.format_exception_only(err[0], err[1]))})
            def addSuccess(self, test): super().addSuccess(test); Result.good += 1
            def addExpectedFailure(self, test, err): super().addExpectedFailure(test, err); Result.good += 1
            def addSkip(self, test, reason): super().addSkip(test, reason); Result.skipped += 1
            def addFailure(self, test, err): super().addFailure(test, err); self.note(test, err)
            def addError(self, test, err): super().addError(test, err); self.note(test, err)
            def addSubTest(self, test, sub, err):
                super().addSubTest(test, sub, err)
                if err: self.note(sub, err)
            def addUnexpectedSuccess(self, test):
                super().addUnexpectedSuccess(test)
                found.append({'severity': 'failed', 'name': test.id(), 'message': 'unexpected success'})
        sys.path.insert(0, os.getcwd())
        loader = unittest.TestLoader()
        if len(sys.argv) > 1 and sys.argv[1]:
            loader.testNamePatterns = ['*' + sys.argv[1] + '*']
        suite = loader.discover('.')
        for folder in ('tests', 'test'):
            if os.path.isdir(folder) and not os.path.exists(os.path.join(folder, '__init__.py')):
                suite.addTests(loader.discover(folder, top_level_dir=folder))
        result = unittest.TextTestRunner(stream=sys.stderr, resultclass=Result, verbosity=2).run(suite)
        json.dump({'runner': 'unittest', 'passed': Result.good, 'skipped': Result.skipped, 'findings': found},
            open('/tmp/reeve-report/out', 'w'))
        sys.exit(1 if found or not result.wasSuccessful() else 5 if result.testsRun == 0 else 0)
        """;

    private const string NpmTest = """
        need npm
        case "$(node -p '(require("./package.json").scripts || {}).test || ""')" in
          *vitest*) npm test -- --reporter=json --outputFile=$r/out ;;
          *jest*) npm test -- --json --outputFile=$r/out ;;
          *mocha*) npm test -- --reporter xunit --reporter-option output=$r/out ;;
          *"node --test"*) NODE_OPTIONS="--test-reporter=junit --test-reporter-destination=$r/out" npm test ;;
          *) npm test ;;
        esac
        """;

    private const string DotnetTest = """
        need dotnet
        if grep -qs Microsoft.Testing.Platform global.json; then
          if grep -rqs --include=*.props --include=*.csproj Microsoft.Testing.Extensions.TrxReport .; then
            dotnet test --no-progress --report-trx --results-directory $r ${1:+--filter "$1"}
          else
            dotnet test --no-progress ${1:+--filter "$1"}
          fi
        else
          dotnet test -nologo -nodeReuse:false --logger trx --results-directory $r ${1:+--filter "$1"}
        fi
        """;

    private const string PythonTest = $$"""
        need python3
        if python3 -c 'import pytest' 2> /dev/null; then
          python3 -m pytest -q -p no:cacheprovider -o junit_family=xunit1 --junitxml=$r/out ${1:+-k "$1"}
        else
          cat > $r/run.py << 'PYTHON'
        {{Unittest}}
        PYTHON
          python3 $r/run.py "$1"
        fi
        """;

    private const string PythonLint = $"""
        need python3
        if command -v ruff > /dev/null; then ruff check --no-cache --output-format=json . >&3
        elif python3 -c 'import pyflakes' 2> /dev/null; then python3 -m pyflakes .
        else cat > $r/run.py << 'PYTHON'
        {Syntax}
        PYTHON
          python3 $r/run.py; fi
        """;

    private const string PythonFormat = """
        if command -v ruff > /dev/null; then ruff format --no-cache .
        else need black; black -q .; fi
        """;

    private const string PythonFormatCheck = """
        if command -v ruff > /dev/null; then ruff format --no-cache --check .
        else need black; black --check .; fi
        """;

    private const string GoFormatCheck = """
        need gofmt
        gofmt -l . > $r/list || exit 2
        [ ! -s $r/list ] || { sed 's/$/:1: error: not formatted/' $r/list; exit 1; }
        """;

    private static readonly Dictionary<(string Stack, BuildVerb Verb), BuildCommand> s_commands = new()
    {
        [("dotnet", BuildVerb.Build)] =
            new("dotnet build", "need dotnet\ndotnet build -nologo -v:q -clp:NoSummary -nodeReuse:false"),
        [("dotnet", BuildVerb.Test)] = new("dotnet test", DotnetTest, TakesFilter: true),
        [("dotnet", BuildVerb.Lint)] = new(
            "dotnet format --verify-no-changes", "need dotnet\ndotnet format --verify-no-changes --severity warn"),
        [("dotnet", BuildVerb.Format)] = new("dotnet format", "need dotnet\ndotnet format whitespace"),
        [("dotnet", BuildVerb.FormatCheck)] = new(
            "dotnet format --verify-no-changes", "need dotnet\ndotnet format whitespace --verify-no-changes"),
        [("cargo", BuildVerb.Build)] =
            new("cargo build", "need cargo\ncargo build --offline --all-targets --message-format=json >&3"),
        [("cargo", BuildVerb.Test)] = new(
            "cargo test",
            "need cargo\ncargo test --offline --no-fail-fast --message-format=short ${1:+\"$1\"} >&3",
            TakesFilter: true),
        [("cargo", BuildVerb.Lint)] =
            new("cargo clippy", "need cargo\ncargo clippy --offline --all-targets --message-format=json >&3"),
        [("cargo", BuildVerb.Format)] = new("cargo fmt", "need cargo\ncargo fmt"),
        [("cargo", BuildVerb.FormatCheck)] = new("cargo fmt --check", "need cargo\ncargo fmt --check"),
        [("go", BuildVerb.Build)] = new("go build ./...", "need go\ngo build ./...", HasBareLines: true),
        [("go", BuildVerb.Test)] =
            new("go test ./...", "need go\ngo test -json ${1:+-run \"$1\"} ./... >&3", true, HasBareLines: true),
        [("go", BuildVerb.Lint)] = new("go vet ./...", "need go\ngo vet ./...", HasBareLines: true),
        [("go", BuildVerb.Format)] = new("gofmt -w .", "need gofmt\ngofmt -w ."),
        [("go", BuildVerb.FormatCheck)] = new("gofmt -l .", GoFormatCheck),
        [("npm", BuildVerb.Build)] = new("npm run build", "need npm\nnpm run build"),
        [("npm", BuildVerb.Test)] = new("npm test", NpmTest),
        [("npm", BuildVerb.Lint)] = new(
            "npm run lint",
            "need npm\nif [ -x node_modules/.bin/eslint ]; then node_modules/.bin/eslint -f json . >&3\n"
                + "else npm run lint; fi"),
        [("npm", BuildVerb.Format)] = new(
            "npm run format",
            "need npm\nif [ -x node_modules/.bin/prettier ]; then node_modules/.bin/prettier --write .\n"
                + "else npm run format; fi"),
        [("npm", BuildVerb.FormatCheck)] =
            new("prettier --check .", "need node_modules/.bin/prettier\nnode_modules/.bin/prettier --check ."),
        [("python", BuildVerb.Build)] = new(
            "python3 -m compileall",
            $"need python3\ncat > $r/run.py << 'PYTHON'\n{Syntax}\nPYTHON\npython3 $r/run.py"),
        [("python", BuildVerb.Test)] = new("python3 -m pytest", PythonTest, TakesFilter: true),
        [("python", BuildVerb.Lint)] = new("ruff check", PythonLint, HasBareLines: true),
        [("python", BuildVerb.Format)] = new("black .", PythonFormat),
        [("python", BuildVerb.FormatCheck)] = new("black --check .", PythonFormatCheck),
        [("make", BuildVerb.Build)] = new("make", "need make\nmake"),
        [("make", BuildVerb.Test)] =
            new("make test", "need make\nif make -n test > /dev/null 2>&1; then make test; else make check; fi"),
        [("make", BuildVerb.Lint)] = new("make lint", "need make\nmake lint"),
        [("make", BuildVerb.Format)] = new("make format", "need make\nmake format"),
        [("make", BuildVerb.FormatCheck)] = new("make format-check", "need make\nmake format-check"),
        [("npm", BuildVerb.Packages)] = new(
            "npm ci --ignore-scripts --offline",
            "need npm\nnpm ci --ignore-scripts --offline --no-audit --no-fund"),
        [("dotnet", BuildVerb.Packages)] =
            new("dotnet restore", "need dotnet\ndotnet restore -v:q -nodeReuse:false --ignore-failed-sources"),
        [("cargo", BuildVerb.Packages)] = new("cargo fetch --offline", "need cargo\ncargo fetch --offline"),
        [("go", BuildVerb.Packages)] = new(
            "go mod download",
            "need go\nGOPROXY=off GONOPROXY=none GOTOOLCHAIN=local go mod download"),
    };

    public static BuildCommand Of(string stack, BuildVerb verb) => s_commands[(stack, verb)];

    public static bool Has(string stack, BuildVerb verb) => s_commands.ContainsKey((stack, verb));
}
