#!/usr/bin/env bash
# Feeds one of the readers of NativeVm.Fuzz for some minutes what afl-fuzz makes of the corpus, led by the code that it
# reaches: run.sh SUBJECT MINUTES. On a Debian-like system; what is missing is installed. What is found is in
# artifacts/fuzz/SUBJECT/found; a crash or a hang is a nonzero exit code. A finding is looked at with
#   dotnet run --project tests/NativeVm.Fuzz -- SUBJECT FILE
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
subject=${1:-trace}
minutes=${2:-60}
work="$root/artifacts/fuzz/$subject"

# Milliseconds; a machine with much else to do is slow, and a reader that hangs never ends.
patience=10000

install_afl() {
    command -v afl-fuzz >/dev/null && return
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends afl++ >/dev/null
}

gather_seeds() {
    mkdir -p "$work/seeds"
    case $subject in
        trace) cp "$root"/tests/NativeVm.Tests/Tool/Traces/Corpus/* "$work/seeds" ;;
        smaps)
            head -n 60 /proc/self/smaps >"$work/seeds/smaps"
            head -n 20 /proc/self/maps >"$work/seeds/maps"
            ;;
        *)
            echo "No such subject: $subject" >&2
            exit 2
            ;;
    esac
}

value_of() {
    sed -n "s/^$1 *: *//p" "$work/found/default/fuzzer_stats"
}

install_afl
rm -rf "$work"
gather_seeds
cd "$root"
dotnet publish tests/NativeVm.Fuzz --configuration Release --output "$work/program" --nologo -v quiet
dotnet tool restore >/dev/null
dotnet sharpfuzz "$work/program/NativeVm.Tool.dll"

# It is the assembly that is instrumented and not the program that runs it, so the checks of the program are off.
export AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1
afl-fuzz -i "$work/seeds" -o "$work/found" -V $((minutes * 60)) -t "$patience" -m none -- \
    dotnet "$work/program/NativeVm.Fuzz.dll" "$subject" >"$work/fuzz.log" 2>&1 || { tail -n 20 "$work/fuzz.log"; exit 1; }

echo "$subject: $(value_of execs_done) inputs tried, $(value_of corpus_count) that reach something of their own," \
    "$(value_of saved_crashes) crashes, $(value_of saved_hangs) hangs"
[ "$(value_of saved_crashes)" = 0 ] && [ "$(value_of saved_hangs)" = 0 ]
