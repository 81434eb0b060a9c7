#!/usr/bin/env bash
# Fuzzes with afl-fuzz: fuzz.sh [TARGET|all] [SECONDS for each]. Instruments the driver and the simulator with SharpFuzz, in
# artifacts/fuzz. Prints a row per target; the exit code is 0 only if nothing broke. docs/fuzzing.md has more.
set -uo pipefail
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Code is compiled once: what is compiled anew while it runs makes an input look unlike itself.
export DOTNET_TieredPGO=0 DOTNET_TC_QuickJitForLoops=1 DOTNET_ReadyToRun=1
export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
sharpfuzz_version=2.3.0

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here="$root/tests/ModemDriver.Fuzz"
work="$root/artifacts/fuzz"
wanted=${1:-all}
seconds=${2:-60}

die() { echo "fuzz.sh: $*" >&2; exit 2; }
command -v afl-fuzz >/dev/null || die "afl-fuzz is not installed; Debian and Ubuntu have it in the package afl++"
[[ $seconds =~ ^[1-9][0-9]*$ ]] || die "not a number of seconds: $seconds"

build() {
  rm -rf "$work/bin"
  dotnet build "$here/ModemDriver.Fuzz.csproj" -c Release -o "$work/bin" -p:RunAnalyzers=false -v quiet >"$work/build.log" \
    || { cat "$work/build.log"; die "it does not build"; }
  if [ ! -x "$work/tool/sharpfuzz" ]; then
    dotnet tool install SharpFuzz.CommandLine --version "$sharpfuzz_version" --tool-path "$work/tool" >"$work/tool.log" \
      || { cat "$work/tool.log"; die "SharpFuzz.CommandLine $sharpfuzz_version could not be installed"; }
  fi
  local library
  for library in ModemDriver.dll ModemDriver.Simulator.dll; do
    "$work/tool/sharpfuzz" "$work/bin/$library" >"$work/sharpfuzz.log" 2>&1 \
      || { cat "$work/sharpfuzz.log"; die "$library could not be instrumented"; }
  done
}

# stat NAME: a number of the target's run.
stat() { awk -F' *: *' -v name="$1" '$1 == name { print $2 }' "$out/default/fuzzer_stats" 2>/dev/null; }

fuzz() {
  local target=$1 out="$work/out/$1" input="$here/corpus/$1"
  [ -d "$input" ] || die "there is no corpus for $target"
  rm -rf "$out"
  mkdir -p "$work/out"
  # 10 s for one input, and no limit of memory: the runtime reserves more than it uses.
  afl-fuzz -V "$seconds" -i "$input" -o "$out" -t 10000 -m none -- dotnet "$work/bin/ModemDriver.Fuzz.dll" afl "$target" \
    >"$work/out/$target.log" 2>&1 </dev/null
  local executions crashes hangs
  executions=$(stat execs_done)
  if [ -z "$executions" ] || [ "$executions" -eq 0 ]; then
    tail -n 20 "$work/out/$target.log"
    echo "$target: afl-fuzz has run nothing"
    return 1
  fi
  crashes=$(stat saved_crashes) hangs=$(stat saved_hangs)
  printf '%-10s %8s s %10s executions %8s/s %6s paths %6s edges %3s crashes %3s hangs\n' "$target" \
    "$(stat run_time)" "$executions" "$(stat execs_per_sec)" "$(stat corpus_count)" "$(stat edges_found)" "$crashes" "$hangs"
  [ "$crashes" -eq 0 ] && [ "$hangs" -eq 0 ] && return 0
  local file
  for file in "$out"/default/crashes/id* "$out"/default/hangs/id*; do
    [ -e "$file" ] && echo "  dotnet run --project tests/ModemDriver.Fuzz -- run $target '${file#"$root"/}'"
  done
  return 1
}

mkdir -p "$work"
build
targets=$(dotnet "$work/bin/ModemDriver.Fuzz.dll" list) || die "the targets cannot be listed"
if [ "$wanted" != all ]; then
  grep -qx -- "$wanted" <<<"$targets" || die "no target $wanted; there are: ${targets//$'\n'/ }"
  targets=$wanted
fi

broken=()
for target in $targets; do
  fuzz "$target" || broken+=("$target")
done
[ "${#broken[@]}" -eq 0 ] || { echo "broken: ${broken[*]}"; exit 1; }
