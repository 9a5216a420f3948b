#!/bin/bash
# The main job on a sample site: scan, describe and rename, review, verify, revert one entry, verify.
#
#   Demo/run.sh [BINARY]
#
# The site is ./demo-site (removed and made again each time), Moniker's home is ./demo-site/home.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=${1:-.build/release/moniker}
site=demo-site
home=demo-site/home

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
    bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'
else
    bold='' dim='' plain=''
fi
heading() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }
# Prints a command as it would be typed, then runs it.
moniker() {
    printf '%s$ moniker --site %s --home %s %s%s\n' "$dim" "$site" "$home" "$*" "$plain"
    "$binary" --site "$site" --home "$home" "$@"
}
show() { python3 Demo/show.py "$site" "$@"; }
state() {
    echo "Links in the post \"A day on the trail\":"
    show post "A day on the trail"
    echo "Settings of a text widget (the number is the length that PHP insists on):"
    show option widget_text
    echo "Files of picture 1:"
    show files 1
    echo "Files of picture 2:"
    show files 2
}

if [[ ! -x $binary ]]; then
    echo "error: there is no $binary; run make build first" >&2
    exit 1
fi

heading "1. A sample WordPress site"
rm -rf "$site"
python3 Demo/make-site.py "$site"

heading "2. Before"
state

heading "3. What is there"
moniker scan

heading "4. Describe what has no texts, and name every file after what it shows"
moniker generate --all --rename --keep-old none
first=$("$binary" --site "$site" --home "$home" --json journal |
    python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["journal"])')

heading "5. What nobody can be sure of waits for people; they correct it, or name it"
moniker review list
moniker review edit 12 --alt "A rowing boat in the morning light" --title "Boat in the morning" --keep-old none
echo "$(($(wc -l <"$site/names.csv") - 1)) names in $site/names.csv:"
sed -n '2,$s/^/  /p' "$site/names.csv"
moniker rename --map "$site/names.csv" --keep-old none

heading "6. Every file and every reference is where it should be"
moniker verify

heading "7. After"
state
echo "A plugin's own table went along:"
show table

heading "8. The journal"
moniker journal

heading "9. Take back the texts and the name of picture 1; the others stay"
moniker revert "$first" --only 1

heading "10. Still sound"
moniker verify
echo
state

heading "Now on your own site"
echo "$binary --site /path/to/wordpress scan"
echo "The sample site stays in $site; make clean removes it."
