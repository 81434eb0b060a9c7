#!/usr/bin/env bash
# Puts one bug at a time into a clone of the committed state, and looks whether the seeded simulation finds it.
#   tests/ModemDriver.Simulation/breaks.sh [SEEDS [NAME...]]
# Default: 1000 seeds, every patch of breaks/. The exit code is 0 only if each bug was found.
set -uo pipefail
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
seeds=${1:-1000}
shift || true
names=("$@")
[ ${#names[@]} -gt 0 ] || mapfile -t names < <(cd "$here/breaks" && ls -- *.patch | sed 's/\.patch$//')

work=$(mktemp -d "${TMPDIR:-/tmp}/modemdriver-breaks.XXXXXX")
trap 'rm -rf "$work"' EXIT
git clone --quiet --no-hardlinks "$root" "$work/src" || exit 2
cd "$work/src" || exit 2

# build_and_run: the report is in $work/report; 0 if no promise was broken, 1 if one was, 2 if it cannot be built.
build_and_run() {
  dotnet build -c Release -v q -maxcpucount:1 -p:RunAnalyzers=false tests/ModemDriver.Simulation >"$work/build" 2>&1 || { cat "$work/build"; return 2; }
  timeout 900 dotnet tests/ModemDriver.Simulation/bin/Release/net10.0/ModemDriver.Simulation.dll \
    --seeds "$seeds" --until-violation >"$work/report" 2>&1
}

missed=0
found=0
for name in "${names[@]}"; do
  patch=$here/breaks/$name.patch
  what=$(head -n 1 "$patch")
  git apply "$patch" || { echo "$name: does not apply"; missed=$((missed + 1)); continue; }
  build_and_run
  result=$?
  if [ $result -eq 1 ]; then
    found=$((found + 1))
    seed=$(grep -oE '^seed [0-9]+' "$work/report" | head -n 1)
    printf '%-24s found at %-10s %s\n' "$name" "$seed" "$what"
    grep -m 1 '^VIOLATION' "$work/report" | cut -c1-160 | sed 's/^/    /'
  elif [ $result -eq 0 ]; then
    missed=$((missed + 1))
    printf '%-24s NOT FOUND in %s seeds: %s\n' "$name" "$seeds" "$what"
  else
    missed=$((missed + 1))
    echo "$name: exit code $result: $what"
  fi
  git checkout --quiet .
done

echo "$found found, $missed not"
[ "$missed" -eq 0 ]
