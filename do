#!/usr/bin/env bash
# Everything one does in this repository, by verb. Each verb brings about what it needs: `./do test` works in a
# fresh clone. Nothing is asked, so it also works without a terminal.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
cd "$root"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1
export DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=1
if [ -z "${HOME:-}" ] || [ ! -w "$HOME" ]; then
  mkdir -p artifacts/home
  export HOME="$root/artifacts/home"
fi

msbuild=(-v quiet -clp:NoSummary)
if [ "${CI:-}" = true ]; then
  # No build server may outlive the job that started it.
  export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
  msbuild+=(-p:UseSharedCompilation=false)
fi

test_projects=(Architecture Unit Scenarios Adversarial Simulation)
executable_seconds_max=600   # of one test executable; one test has its own limit in eng/TestLimit.cs

say() { printf '%s\n' "$*" >&2; }
die() { say "do: $*"; exit 1; }

usage() {
  cat <<'TEXT'
./do VERB
  setup            install what is missing (Debian packages) and restore the pinned NuGet packages
  demo [ARGS]      watch a whole run on a sample, attacks included
  run [ARGS]       build quickly, without analyzers, and start the command
  build            leave the command at out/reeve
  test [FILTER]    every test; FILTER goes to the test runner, e.g. -class '*BudgetTests'
  check            format, build with analyzers, locked packages, every test: before each commit
  fuzz [ARGS]      the fuzz suites
  mutants [NAME]   take guards away one at a time; the end-to-end tests must notice
  simulate [SEED]  1,000 seeds of crashes and lies, or the one given
  bench [NAME]     the benchmarks, with ratios against anchors measured in the same run
  docs             write the generated pages; with --accept-debt also let the lists of debts grow
TEXT
}

# ---- setup ---------------------------------------------------------------------------------------------------

# what must be there, and the Debian package that brings it
missing_packages() {
  command -v bwrap >/dev/null || echo bubblewrap
  command -v unshare >/dev/null || echo util-linux
  command -v git >/dev/null || echo git
  command -v python3 >/dev/null || echo python3
  command -v tmux >/dev/null || echo tmux
  command -v sqlite3 >/dev/null || echo sqlite3
  command -v zsh >/dev/null || echo zsh      # what completion generates is tested in the shells themselves
  command -v fish >/dev/null || echo fish
  has_library libsqlite3.so.0 || echo libsqlite3-0
}

has_library() {
  local file
  for file in /usr/lib/*/"$1" /usr/lib/"$1" /usr/lib64/"$1" /lib/*/"$1"; do
    [ -e "$file" ] && return 0
  done
  return 1
}

setup() {
  command -v dotnet >/dev/null || die "the .NET SDK named in global.json is missing; install it and put dotnet on PATH"
  dotnet --version >/dev/null 2>&1 || die "the .NET SDK named in global.json is missing; dotnet has: $(dotnet --list-sdks | cut -d' ' -f1 | tr '\n' ' ')"

  local missing
  missing=$(missing_packages | sort -u | tr '\n' ' ')
  [ -z "$missing" ] || install_packages $missing

  dotnet restore Reeve.slnx "${msbuild[@]}" </dev/null || die "restore failed; with CI=true the lock files must match the projects: restore once without it and commit them"
}

install_packages() {
  local as_root=()
  command -v apt-get >/dev/null || die "missing: $*; install them with the package manager of this system"
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || die "missing: $*; run: sudo apt-get install -y --no-install-recommends $*"
    as_root=(sudo -n)
  fi

  say "installing: $*"
  # The lists of a fresh machine may be absent or old, so a second try refreshes them first.
  apt_install "$@" >/dev/null 2>&1 || {
    "${as_root[@]}" apt-get update </dev/null >/dev/null 2>&1 || true
    apt_install "$@" >&2 || die "could not install: $*"
  }
}

apt_install() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" </dev/null
}

# ---- building ------------------------------------------------------------------------------------------------

runtime() {
  case "$(uname -m)" in
    x86_64) echo linux-x64 ;;
    aarch64 | arm64) echo linux-arm64 ;;
    *) die "no build for $(uname -m)" ;;
  esac
}

# One file, compiled ahead of time, on the machine's own .NET: it starts in about the time of an empty program.
build() {
  setup
  dotnet publish src/Cli/Cli.csproj -c Release -p:ReeveRuntime="$(runtime)" -p:RunAnalyzers=false \
    -o artifacts/publish/command "${msbuild[@]}" </dev/null

  mkdir -p out
  # A running command keeps its file: the new one takes the name in one step.
  cp artifacts/publish/command/reeve out/.reeve.new
  mv -f out/.reeve.new out/reeve
  say "built out/reeve"
}

build_tests() {
  dotnet build Reeve.slnx --no-restore "${msbuild[@]}" "$@" </dev/null || die "the build failed"
}

# runs the program of a project that may not exist yet: project_verb VERB PROJECT-FILE EXECUTABLE [ARGS]
project_verb() {
  local verb=$1 project=$2 name=$3
  shift 3
  [ -f "$project" ] || die "there is nothing to $verb yet: $project does not exist"

  setup
  dotnet build "$project" -c Release -p:RunAnalyzers=false "${msbuild[@]}" </dev/null || die "the build failed"
  exec "artifacts/bin/$(basename "$project" .csproj)/release/$name" "$@"
}

# ---- testing -------------------------------------------------------------------------------------------------

passed=0 failed=0 skipped=0

# runs one test executable and adds its counts; one that ends without a summary is itself a failure
run_tests() {
  local project=$1 executable log status=0 summary
  shift
  executable="artifacts/bin/$project/debug/Reeve.Tests.$project"
  log="artifacts/test-$project.log"
  [ -x "$executable" ] || die "$executable was not built"

  say "== $project"
  timeout --kill-after=10 "$executable_seconds_max" "$executable" -noColor -noLogo "$@" </dev/null >"$log" 2>&1 || status=$?

  summary=$(grep -E '^ *Reeve\.Tests\.[A-Za-z]+ +Total: [0-9]+' "$log" | tail -n 1 || true)
  if [ -z "$summary" ]; then
    if [ "$status" = 0 ] || grep -qiE 'no tests? (were )?found|Total: 0' "$log"; then
      return 0
    fi
    cat "$log"
    printf '%s ended without a summary (exit code %s; 124 is its limit of %s seconds)\n' \
      "$project" "$status" "$executable_seconds_max"
    failed=$((failed + 1))
    return 0
  fi

  local total errors failures skips notrun
  total=$(count Total "$summary") errors=$(count Errors "$summary") failures=$(count Failed "$summary")
  skips=$(count Skipped "$summary") notrun=$(count 'Not Run' "$summary")
  passed=$((passed + total - failures - skips - notrun))
  failed=$((failed + failures + errors))
  skipped=$((skipped + skips))
  if [ "$status" != 0 ] && [ $((failures + errors)) = 0 ] && [ "$total" != 0 ]; then
    failed=$((failed + 1))
  fi
  if [ $((failures + errors)) != 0 ] || { [ "$status" != 0 ] && [ "$total" != 0 ]; }; then
    cat "$log"
  else
    printf '%s\n' "$summary"
  fi
}

count() { # the number after a word of the summary
  local number
  number=$(printf '%s' "$2" | sed -nE "s/.*$1: ([0-9]+).*/\1/p")
  printf '%s' "${number:-0}"
}

run_all_tests() {
  local project
  for project in "${test_projects[@]}"; do
    run_tests "$project" "$@"
  done
}

finish_tests() {
  [ "$skipped" = 0 ] || printf '%s skipped\n' "$skipped"
  printf '%s passed, %s failed\n' "$passed" "$failed"
  if [ "$passed" = 0 ] || [ "$failed" != 0 ] || [ "$skipped" != 0 ]; then
    exit 1
  fi
}

run_test_verb() {
  setup
  build_tests
  run_all_tests "$@"
  finish_tests
}

check() {
  setup
  say "== format"
  dotnet format whitespace Reeve.slnx --no-restore --verify-no-changes -v quiet </dev/null \
    || die "run: dotnet format whitespace Reeve.slnx"
  say "== packages"
  dotnet restore Reeve.slnx --locked-mode "${msbuild[@]}" </dev/null || die "commit the lock files that ./do setup writes"
  say "== build with analyzers"
  build_tests
  run_all_tests
  finish_tests
}

simulate() {
  local executable=artifacts/bin/Simulation/release/Reeve.Tests.Simulation log=artifacts/simulate.log status=0
  if [ -n "${1:-}" ]; then
    [[ $1 =~ ^[0-9]+$ ]] || die "a seed is a number"
    export REEVE_SEED=$1
  fi
  setup
  dotnet build tests/Simulation/Simulation.csproj -c Release -p:RunAnalyzers=false "${msbuild[@]}" </dev/null || die "the build failed"

  "$executable" -noColor -noLogo -explicit only -showLiveOutput </dev/null 2>&1 | tee "$log" || status=${PIPESTATUS[0]}
  grep -qE 'Total: [1-9]' "$log" || die "there is nothing to simulate yet: no explicit test in tests/Simulation"
  return "$status"
}

# Tests that compare a generated page carry [Trait("Writes", "docs")]; told so, they write it instead.
docs() {
  [ "${1:-}" != --accept-debt ] || export REEVE_ACCEPT_DEBT=1
  setup
  build_tests -p:RunAnalyzers=false
  local project
  for project in "${test_projects[@]}"; do
    REEVE_REWRITE_DOCS=1 run_tests "$project" -trait Writes=docs
  done
  [ "$failed" = 0 ] || die "a page could not be written"
  say "docs are up to date"
}

# ---- verbs ---------------------------------------------------------------------------------------------------

verb=${1:-}
[ $# = 0 ] || shift
case "$verb" in
  setup) setup ;;
  demo)
    [ -x eng/demo/run ] || die "there is nothing to show yet: eng/demo/run does not exist"
    build
    exec eng/demo/run "$@"
    ;;
  run)
    setup
    dotnet build src/Cli/Cli.csproj --no-restore -p:RunAnalyzers=false "${msbuild[@]}" </dev/null || die "the build failed"
    exec artifacts/bin/Cli/debug/reeve "$@"
    ;;
  build) build ;;
  test) run_test_verb "$@" ;;
  check) check ;;
  fuzz) project_verb fuzz fuzz/Fuzz.csproj Reeve.Fuzz "$@" ;;
  mutants) exec eng/mutants/run "$@" ;;
  simulate) simulate "$@" ;;
  bench) project_verb bench bench/Bench.csproj Reeve.Bench "$@" ;;
  docs) docs "$@" ;;
  "" | help | --help | -h) usage ;;
  *)
    usage >&2
    die "no such verb: $verb"
    ;;
esac
