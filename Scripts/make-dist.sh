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

# What the linker finds of the libraries that packages describe: for these, archives alone. The
# package manager puts the folder that a description names before any other.
archives=$(mktemp -d)
trap 'rm -rf "$archives"' EXIT
for library in pcre2-8 sodium sqlite3; do
    ln -s "$library_folder/lib$library.a" "$archives/lib$library.a"
done
for description in $(sed -n 's/.*pkgConfig: "\([^"]*\)".*/\1/p' Package.swift); do
    original=$(pkg-config --variable=pcfiledir "$description")/$description.pc
    sed "s|^libdir=.*|libdir=$archives|" "$original" >"$archives/$description.pc"
    for library in $(pkg-config --libs-only-l "$description"); do
        library=lib${library#-l}
        if [[ ! -e $archives/$library.a ]]; then
            ln -sf "$library_folder/$library.so" "$archives/$library.so"
        fi
    done
done

PKG_CONFIG_PATH=$archives "${SWIFT:-swift}" build -c release --product moniker \
    --static-swift-stdlib -Xlinker "-L$archives" ${SWIFT_BUILD_OPTIONS:-}

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
# A linker that finds a shared library first says nothing.
if readelf --dynamic "$folder/moniker" | grep -E 'NEEDED.*lib(pcre2|sodium|sqlite3|swift)'; then
    echo "error: these libraries are not inside" >&2
    exit 1
fi
echo "Shared libraries that it needs:"
ldd "$folder/moniker" | awk '{ print "  " $1 }' | sort
cat "dist/$name.tar.gz.sha256"
