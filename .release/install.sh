#!/bin/sh
# Installs djdock for this user, without Rust or Python: sh install.sh
#
# DJDOCK_INSTALL names the folder (by default ~/.local/bin), DJDOCK_RELEASE the address to download from.
set -eu

release=${DJDOCK_RELEASE:-@RELEASE@}
folder=${DJDOCK_INSTALL:-$HOME/.local/bin}

fail() {
    printf 'djdock was not installed: %s\n' "$1" >&2
    exit 1
}

# Linux gets the binary that needs no library of the system.
case $(uname -s) in
    Linux) system=unknown-linux-musl ;;
    Darwin) system=apple-darwin ;;
    *) fail "there is no binary for $(uname -s); on Windows, use it in WSL" ;;
esac
case $(uname -m) in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) fail "there is no binary for $(uname -m)" ;;
esac
name=djdock-$machine-$system

if command -v curl >/dev/null; then
    download() { curl --fail --silent --show-error --location --output "$2" "$1"; }
elif command -v wget >/dev/null; then
    download() { wget -q -O "$2" "$1"; }
else
    fail "it needs curl or wget"
fi
if command -v sha256sum >/dev/null; then
    sum() { sha256sum "$1"; }
else
    sum() { shasum -a 256 "$1"; }
fi

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
cd "$temporary"
download "$release/$name.tar.gz" "$name.tar.gz" || fail "cannot download $release/$name.tar.gz"
download "$release/SHA256SUMS" SHA256SUMS || fail "cannot download $release/SHA256SUMS"
wanted=$(sed -n "s/^\([0-9a-f]*\) [ *]$name\.tar\.gz$/\1/p" SHA256SUMS)
got=$(sum "$name.tar.gz")
[ -n "$wanted" ] || fail "SHA256SUMS does not name $name.tar.gz"
[ "$wanted" = "${got%% *}" ] || fail "what was downloaded is not what was released (its checksum differs)"
tar -xzf "$name.tar.gz"
mkdir -p "$folder"
mv "$name/djdock" "$folder/djdock.new"
mv "$folder/djdock.new" "$folder/djdock"
"$folder/djdock" --version
case :$PATH: in
    *":$folder:"*) ;;
    *) printf 'Add %s to PATH to type djdock everywhere.\n' "$folder" ;;
esac
