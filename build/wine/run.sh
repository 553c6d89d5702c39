#!/usr/bin/env bash
# Runs the tests, published for Windows, under Wine. The arguments go to the test runner (--filter TEXT).
# Among the last lines is the runner's: N passed, N failed, N skipped. The exit code is 0 only if something passed and
# nothing failed. Under Wine the runner stops at the first failure.
# With NATIVEVM_COVERAGE_OF, a report of coverlet's of the run on this system, the tests of the Windows half run once
# more, counted, and NATIVEVM_COVERAGE_SUM, in Cobertura's format, says what both have reached.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work="$root/artifacts/wine"
log="$work/tests.log"

# A cold first start takes a minute on a slow machine; a hang must still end.
setup_limit=180
test_limit=900

install_wine() {
    command -v wine >/dev/null && command -v wineboot >/dev/null && return
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wine wine64 >/dev/null
}

export WINEPREFIX="$work/prefix" WINEARCH=win64 WINEDEBUG=-all
unset DISPLAY WAYLAND_DISPLAY

# The runtime maps its code twice, once writable and once executable. Wine 8 loses track of the second mapping when
# a dynamic method is collected, and the runtime ends with "Internal CLR error".
export DOTNET_EnableWriteXorExecute=0

make_prefix() {
    rm -rf "$WINEPREFIX"
    mkdir -p "$work"

    # Neither .NET Framework nor a browser is wanted, and asking for them would wait for an answer. Only here: the
    # loader needs mscoree for every managed assembly.
    local WINEDLLOVERRIDES="mscoree,mshtml="
    export WINEDLLOVERRIDES
    timeout "$setup_limit" wineboot -i && timeout "$setup_limit" winecfg -v win10 && timeout "$setup_limit" wineserver -w
}

stop_wine() {
    wineserver -k 2>/dev/null || true
}

install_wine
trap stop_wine EXIT
make_prefix >/dev/null 2>&1 || { stop_wine; make_prefix; }

dotnet publish "$root/tests/NativeVm.Tests/NativeVm.Tests.csproj" \
    --runtime win-x64 --self-contained --configuration Release --output "$work/tests" --nologo -v quiet

status=0
timeout "$test_limit" wine "$work/tests/NativeVm.Tests.exe" "$@" 2>&1 | tr -d '\r' | tee "$log" || status=$?

if ! tail -n 3 "$log" | grep -Eq '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$'; then
    echo "The tests did not run to their end under Wine (exit code $status)." >&2
    exit 1
fi

# What is counted is slower, and the rest of the tests reaches the same on this system.
counted_tests=Platform.Windows
count_coverage() {
    local built="$root/tests/NativeVm.Tests/bin/Release/net10.0/NativeVm.Tests.dll"
    dotnet run --project "$root/tests/NativeVm.Coverage" --configuration Release -- \
        "$work/tests" "$built" "$NATIVEVM_COVERAGE_OF" "$NATIVEVM_COVERAGE_SUM" \
        timeout "$test_limit" wine "$work/tests/NativeVm.Tests.exe" --filter "$counted_tests"
}

if [ -n "${NATIVEVM_COVERAGE_OF:-}" ]; then
    if ! count_coverage 2>&1 | tr -d '\r' >"$work/coverage.log"; then
        echo "The coverage under Wine was not counted:" >&2
        tail -n 20 "$work/coverage.log" | sed 's/^/    /' >&2
        rm -f "$NATIVEVM_COVERAGE_SUM"
    fi
fi

exit "$status"
