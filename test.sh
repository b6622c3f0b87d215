#!/usr/bin/env bash
# Everything a change has to pass, on a machine that has only the .NET SDK: installs what the tests need (Debian packages), restores,
# builds, checks the layout and runs both test projects. The last line is "N passed, N failed" (", N skipped" where there are any).
#
#   ./test.sh                           all of it
#   ./test.sh -class "*SmtpSink*"       arguments are xunit's filters and go to both projects
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
exec </dev/null

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDTERMINALLOGGER=off
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 DEBIAN_FRONTEND=noninteractive
results=artifacts/test-results
passed=0 failed=0 skipped=0

finish() {
  if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
  else
    echo "$passed passed, $failed failed"
  fi
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}

# A step that is not a test but without which nothing else can be trusted.
give_up() {
  echo "test.sh: $1" >&2
  failed=$((failed + 1))
  finish
}

step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }

python_has() { [ -x /usr/bin/python3 ] && /usr/bin/python3 -c "import $1" 2>/dev/null; }

# Whoever stops this script stops the tests with it; they in turn end what they started.
running=
trap '[ -n "$running" ] && kill "$running" 2>/dev/null; exit 143' INT TERM HUP

# One package name a line, for each thing that is not there yet.
missing_packages() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || echo postgresql
  [ -x /usr/bin/chromium ] || echo chromium
  [ -x /usr/bin/soffice ] && compgen -G '/usr/lib/libreoffice/program/libsclo.so' >/dev/null || echo libreoffice-calc-nogui
  python_has uno || echo python3-uno
  python_has aiosmtpd || echo python3-aiosmtpd
  compgen -G '/usr/share/fonts/*/*' >/dev/null || echo fonts-dejavu-core
  command -v setpriv >/dev/null || echo util-linux
}

install_packages() {
  local missing as_root=()
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" -eq 0 ] && return 0
  echo "installing: ${missing[*]}"
  [ "$(id -u)" -eq 0 ] || as_root=(sudo -n --preserve-env=DEBIAN_FRONTEND)
  mkdir -p "$results"
  { "${as_root[@]}" apt-get update && "${as_root[@]}" apt-get install -y --no-install-recommends "${missing[@]}"; } \
    >"$results/packages.log" 2>&1 || tail -n 20 "$results/packages.log" >&2
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" -eq 0 ] ||
    give_up "the tests need these Debian packages, which could not be installed: ${missing[*]} (the log is $results/packages.log)"
}

# run_project NAME [FILTER…]: runs one built test project and adds its totals.
run_project() {
  local name=$1 code report line
  shift
  report="$results/$name.xml"
  rm -f "$report"
  timeout --kill-after=30 1500 "artifacts/bin/$name/debug/$name" -noLogo -noColor -longRunning 120 -result-xml "$report" "$@" &
  running=$!
  wait "$running"
  code=$?
  running=
  line=$(grep -o '<assembly [^>]*>' "$report" 2>/dev/null | head -n 1)
  if [ -z "$line" ]; then
    echo "test.sh: $name ended with code $code before it could report" >&2
    failed=$((failed + 1))
    return
  fi
  local ok bad errors
  ok=$(total_of passed) bad=$(total_of failed) errors=$(total_of errors)
  passed=$((passed + ok)) failed=$((failed + bad + errors))
  skipped=$((skipped + $(total_of skipped) + $(total_of not-run)))
  if [ "$code" -ne 0 ] && [ $((bad + errors)) -eq 0 ] && [ "$ok" -gt 0 ]; then
    echo "test.sh: $name ended with code $code although no test failed" >&2
    failed=$((failed + 1))
  fi
}

total_of() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$line" | grep . || echo 0; }

step "packages"
install_packages

step "restore"
locked=()
[ "${CI:-}" = true ] && locked=(--locked-mode)
dotnet restore Muster.slnx "${locked[@]}" -v q || give_up "restore failed"
dotnet tool restore >/dev/null || give_up "the tools could not be restored"

step "build"
dotnet build Muster.slnx --no-restore --disable-build-servers -v q || give_up "the build failed"

step "layout"
if ! dotnet csharpier check .; then
  echo "test.sh: layout differs; run: dotnet csharpier format ." >&2
  failed=$((failed + 1))
fi

mkdir -p "$results"
for project in Muster.Tests Muster.BrowserTests; do
  step "$project"
  run_project "$project" "$@"
done

step "done"
finish
