#!/bin/bash
# Installs the Debian packages that the named steps need and that are missing.
#
#   Scripts/install-dependencies.sh build|demo|test|browser|bench|lint …
#
# Nothing is started: maintainer scripts that would start a server are told not to.
set -euo pipefail

# What the picture worker opens when it runs; nothing of it is needed to build.
libraries_at_run_time() {
    echo libvips42 libgexiv2-2 libtesseract5 tesseract-ocr-eng
}

packages_of() {
    case "$1" in
    build)
        echo libmariadb-dev libpcre2-dev libssl-dev libsqlite3-dev libcurl4-openssl-dev libsodium-dev pkg-config
        ;;
    demo) echo libvips-tools sqlite3 python3 $(libraries_at_run_time) ;;
    test)
        echo mariadb-server sqlite3 time wordpress nginx-light curl python3 python3-venv python3-jsonschema strace faketime \
            e2fsprogs xfsprogs mount util-linux \
            php-cli php-mysql php-gd php-xml php-mbstring php-sqlite3 \
            libvips-tools libimage-exiftool-perl $(libraries_at_run_time)
        ;;
    browser) echo chromium chromium-driver fonts-dejavu-core python3-venv ;;
    bench) echo mariadb-server sqlite3 time python3 wrk libvips-tools $(libraries_at_run_time) ;;
    lint) echo python3 php-cli ;;
    *)
        echo "error: unknown step \"$1\"; use build, demo, test, browser, bench or lint" >&2
        exit 64
        ;;
    esac
}

wanted=()
for step in "$@"; do
    # Its own assignment, so that an unknown step ends the script.
    names=$(packages_of "$step")
    read -r -a list <<<"$names"
    wanted+=("${list[@]}")
done

is_installed() {
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

missing=()
for package in ${wanted[@]+"${wanted[@]}"}; do
    # Debian's sqlite3, time, … count only as packages; the check is dpkg's, not PATH's.
    is_installed "$package" || missing+=("$package")
done
((${#missing[@]})) || exit 0

if ! command -v apt-get >/dev/null; then
    echo "error: these packages are missing and there is no apt-get: ${missing[*]}" >&2
    exit 1
fi

as_root=()
if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
        echo "error: these packages are missing: ${missing[*]}; run as root or install sudo" >&2
        exit 1
    fi
    as_root=(sudo)
fi

# A policy-rc.d that answers 101 keeps postinst scripts from starting servers. One that is there
# already belongs to somebody else and stays.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi

echo "Installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq </dev/null
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends "${missing[@]}" </dev/null >/dev/null
