#!/usr/bin/env bash
# Changes the code a little at a time and sees whether a test notices: mutation.sh [GLOB...], such as '**/AtFramer*.cs'. Without
# one, the files that tests/ModemDriver.Mutation/stryker-config.json names. Prints what no test has noticed; the report is in
# artifacts/mutation. docs/reliability.md has the last figures.
set -uo pipefail
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 RunAnalyzers=false
stryker_version=5.1.0

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work="$root/artifacts/mutation"
mkdir -p "$work"
if [ ! -x "$work/tool/dotnet-stryker" ]; then
  dotnet tool install dotnet-stryker --version "$stryker_version" --tool-path "$work/tool" >"$work/tool.log" \
    || { cat "$work/tool.log"; echo "mutation.sh: dotnet-stryker $stryker_version could not be installed" >&2; exit 2; }
fi

globs=()
for glob in "$@"; do globs+=(-m "$glob"); done
# It rewrites what the compiler makes of the source: in a copy, so that no build of this tree is touched.
copy="$work/copy"
rm -rf "$copy" "$work/reports"
mkdir -p "$copy"
git -C "$root" -c safe.directory='*' archive HEAD | tar -x -C "$copy" || exit 2
git init -q "$copy"
cd "$copy/tests/ModemDriver.Mutation" || exit 2
nice -n 19 "$work/tool/dotnet-stryker" -f stryker-config.json "${globs[@]}" -O "$work" || exit 1

python3 - "$work/reports/mutation-report.json" <<'PYTHON'
import json, os, sys
print("| File | Mutants | Noticed | Not noticed |\n| --- | --- | --- | --- |")
for path, file in sorted(json.load(open(sys.argv[1]))["files"].items()):
    states = [mutant["status"] for mutant in file["mutants"]]
    noticed = states.count("Killed") + states.count("Timeout")
    missed = states.count("Survived") + states.count("NoCoverage")
    if noticed + missed:
        print(f"| `{os.path.basename(path)}` | {noticed + missed} | {noticed} ({100 * noticed // (noticed + missed)} %) | {missed} |")
for path, file in sorted(json.load(open(sys.argv[1]))["files"].items()):
    for mutant in file["mutants"]:
        if mutant["status"] in ("Survived", "NoCoverage"):
            at = mutant["location"]["start"]
            text = " ".join(mutant.get("replacement", "").split())
            print(f'{os.path.basename(path)}:{at["line"]}:{at["column"]} {mutant["mutatorName"]}: {text}')
PYTHON
