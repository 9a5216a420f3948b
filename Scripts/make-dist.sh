#!/bin/bash
# Builds the program for machines without Swift, and puts it into dist/ with its unit and container
# file:
#
#   dist/moniker-VERSION-linux-ARCHITECTURE/        the files
#   dist/moniker-VERSION-linux-ARCHITECTURE.tar.gz  the same, with its .sha256
#
# Swift's libraries, PCRE2, libsodium and SQLite are inside. What stays Debian's own: the C library;
# OpenSSL and libcurl, because their security updates matter; libmariadb, because it loads its ways
# to authenticate as plugins; and, found when they are needed, what reads pictures (libvips, gexiv2,
# tesseract).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=$(sed -n 's/.*current = "\(.*\)"/\1/p' Sources/CommandLineTool/Version.swift)
architecture=$(uname -m)
name=moniker-$version-linux-$architecture
library_folder=/usr/lib/$architecture-linux-gnu

# Where the linker looks first: only archives, so that it finds no shared library of the name.
archives=$(mktemp -d)
trap 'rm -rf "$archives"' EXIT
for library in pcre2-8 sodium sqlite3; do
    ln -s "$library_folder/lib$library.a" "$archives/lib$library.a"
done

"${SWIFT:-swift}" build -c release --product moniker --static-swift-stdlib \
    -Xlinker "-L$archives" ${SWIFT_BUILD_OPTIONS:-}

folder=dist/$name
rm -rf "$folder" "dist/$name.tar.gz" "dist/$name.tar.gz.sha256"
mkdir -p "$folder"
strip -o "$folder/moniker" .build/release/moniker
install -m 644 Packaging/moniker.service Packaging/Containerfile LICENSE "$folder/"

# Whoever is in the archive, its names and times are the same for the same files.
epoch=$(git log -1 --format=%ct 2>/dev/null || echo 0)
tar --create --directory dist --sort=name --owner=0 --group=0 --numeric-owner \
    --mtime="@$epoch" "$name" | gzip -9n >"dist/$name.tar.gz"
(cd dist && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")

"$folder/moniker" --version
echo "Shared libraries that it needs:"
ldd "$folder/moniker" | awk '{ print "  " $1 }' | sort
cat "dist/$name.tar.gz.sha256"
