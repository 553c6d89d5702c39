#!/bin/sh
# Fetches the charting library from npm: its exact version, checked against the integrity hash that was published.
# Usage: build/charts/refresh.sh [VERSION INTEGRITY], by default the version in use. Needs npm and openssl.
set -eu

version=${1:-1.6.32}
integrity=${2:-sha512-KIMVnG68zvu5XXUbC4LQEPnhwOxBuLyW1AHtpm6IKTXImkbLgkMy+jabjLgSLMasNuGGzQm/ep3tOkyTxpiQIw==}
root=$(cd "$(dirname "$0")/../.." && pwd)
target=$root/src/NativeVm.Tool/Reports/Html/Assets/uplot
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cd "$folder"
npm pack --silent "uplot@$version" >/dev/null
actual=sha512-$(openssl dgst -sha512 -binary "uplot-$version.tgz" | openssl base64 -A)
if [ "$actual" != "$integrity" ]; then
  echo "uplot $version is not what was expected: $actual" >&2
  exit 1
fi

tar xzf "uplot-$version.tgz"
mkdir -p "$target"
cp package/dist/uPlot.iife.min.js package/dist/uPlot.min.css package/LICENSE "$target/"
chmod 644 "$target"/*
echo "uplot $version. For build/charts/uplot.targets:"
openssl dgst -sha256 "$target/uPlot.iife.min.js" "$target/uPlot.min.css"
