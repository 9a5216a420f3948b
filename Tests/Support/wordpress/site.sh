#!/bin/bash
# A real WordPress on a private MariaDB, and its twin on SQLite, made from nothing.
#
#   site.sh build ROOT [--attachments N] [--posts N] [--seed S]   make ROOT/template-{mariadb,sqlite}
#   site.sh ensure ROOT [the same]                                build unless that was built already
#   site.sh restore ROOT mariadb|sqlite [OWNER_PID]               ROOT/live becomes a fresh copy
#   site.sh start ROOT [OWNER_PID] | stop ROOT                    the server of ROOT/live
#   site.sh php ROOT SCRIPT [ARGUMENT…]                           run PHP inside the live WordPress
#   site.sh sql ROOT                                              run SQL from stdin on the live site
#   site.sh dump ROOT | tree ROOT                                 deterministic, for cmp
#
# Every copy lives at the same path (ROOT/live), so that stored absolute paths stay true. The
# server listens on a private socket only, and ends when OWNER_PID is gone or by `stop`.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

command=${1:?command}
root=$(mkdir -p "${2:?folder}" && cd "$2" && pwd)
shift 2

live=$root/live
www=$live/www
data=$live/data
# Socket paths may have 107 bytes at most; ROOT may be longer than that.
sockets=/tmp/moniker-$(printf '%s' "$root" | sha256sum | cut -c1-12)
socket=$sockets/mariadb.sock

server_options=(
    --no-defaults --datadir="$data" --socket="$socket" --pid-file="$sockets/mariadb.pid"
    --user="$(id -un)" --skip-networking --skip-log-bin
    # Its own: a server that starts deletes what it takes for temporary tables left behind.
    --tmpdir="$sockets"
    --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_520_ci
    --innodb-log-file-size=16M --innodb-buffer-pool-size=128M --innodb-lock-wait-timeout=5
    --max-allowed-packet=128M --aria-pagecache-buffer-size=16M --key-buffer-size=8M
)

is_running() {
    [[ -s $sockets/server.pid ]] || return 1
    # By name as well: a number of a server that is gone may be given to another process.
    [[ $(cat "/proc/$(<"$sockets/server.pid")/comm" 2>/dev/null) == mariadbd ]]
}

start() {
    local owner=${1:-}
    [[ -d $data ]] || return 0
    is_running && return 0
    mkdir -p "$sockets"
    chmod 755 "$sockets"
    local attempt
    for attempt in 1 2 3; do
        launch "$owner"
        answers && return 0
        # Seldom a server waits for ever for a thread of its own that has begun already.
        kill -KILL "$(<"$sockets/server.pid")" 2>/dev/null || true
        while is_running; do sleep 0.05; done
    done
    cat "$live/mariadb.log" >&2
    echo "error: the private MariaDB did not start within $attempt times 30 seconds" >&2
    exit 1
}

launch() {
    local owner=$1
    rm -f "$socket" "$sockets/server.pid"
    # The watcher is the server's parent: it ends the server when its owner is gone.
    setsid bash -c '
        owner=$1 file=$2; shift 2
        # Whoever waits for the end of this script may wait for its inherited files to close.
        for open in /proc/$$/fd/*; do
            open=${open##*/}
            ((open > 2)) && eval "exec $open>&-"
        done
        "$@" &
        server=$!
        echo "$server" >"$file"
        if [[ -n $owner ]]; then
            while kill -0 "$owner" 2>/dev/null && kill -0 "$server" 2>/dev/null; do sleep 0.3; done
            kill "$server" 2>/dev/null
        fi
        # The file stays: the next server may have written its own number there.
        wait "$server"
    ' watcher "$owner" "$sockets/server.pid" \
        mariadbd "${server_options[@]}" </dev/null >"$live/mariadb.log" 2>&1 &
}

# Whether the server answers within 30 seconds.
answers() {
    local end=$((SECONDS + 30))
    until timeout 5 mariadb-admin --no-defaults --socket="$socket" -u root ping >/dev/null 2>&1; do
        ((SECONDS < end)) || return 1
        sleep 0.1
    done
}

stop() {
    is_running || return 0
    local server
    server=$(<"$sockets/server.pid")
    kill "$server"
    while kill -0 "$server" 2>/dev/null; do sleep 0.05; done
    rm -f "$sockets/server.pid"
}

sql() {
    mariadb --no-defaults --socket="$socket" -u root --default-character-set=utf8mb4 \
        --max-allowed-packet=512M "$@"
}

run_php() {
    local script=$1
    shift
    php -d memory_limit=1G -d display_errors=stderr -d error_reporting=22527 \
        -d opcache.enable_cli=0 -d auto_prepend_file="$here/prepend.php" "$script" "$@"
}

build() {
    stop
    rm -rf "$live" "$root/template-mariadb" "$root/template-sqlite"
    mkdir -p "$www/wp-content/uploads" "$www/wp-content/themes/plain" "$sockets"
    # wp-load.php takes the folder it is in for the site; everything else may be linked.
    cp /usr/share/wordpress/*.php "$www/"
    rm -f "$www/wp-config.php" "$www/wp-config-sample.php"
    ln -s /usr/share/wordpress/wp-includes /usr/share/wordpress/wp-admin "$www/"
    cp "$here"/theme/* "$www/wp-content/themes/plain/"
    sed "s|@SOCKET@|$socket|" "$here/wp-config.template" >"$www/wp-config.php"

    mariadb-install-db --no-defaults --datadir="$data" --user="$(id -un)" \
        --auth-root-authentication-method=normal --skip-test-db >"$live/install.log" 2>&1 ||
        { cat "$live/install.log" >&2; exit 1; }
    server_options+=(--innodb-flush-log-at-trx-commit=0)
    start "$$"
    sql <<'SQL'
CREATE DATABASE wordpress;
CREATE USER 'wordpress'@'localhost' IDENTIFIED BY 'correct horse';
GRANT ALL ON wordpress.* TO 'wordpress'@'localhost';
SQL
    export MONIKER_TEST_SITE=$www
    run_php "$here/install.php"
    run_php "$here/populate.php" "$live" "$@"
    # WordPress writes a few things when it shows a page for the first time; judging does that now.
    run_php "$here/judge-wordpress.php" "$live" >"$live/judged.log" || { cat "$live/judged.log" >&2; exit 1; }
    run_php "$here/record.php" "$live"
    sql wordpress -N -e 'ANALYZE TABLE wp_posts, wp_postmeta, wp_options' >/dev/null

    # The twin: same files, the same rows in the layout of the SQLite plugin.
    mkdir -p "$root/template-sqlite"
    cp -a "$www" "$live"/*.json "$live/rename-map.csv" "$root/template-sqlite/"
    mkdir -p "$root/template-sqlite/www/wp-content/database"
    run_php "$here/to-sqlite.php" "$socket" \
        "$root/template-sqlite/www/wp-content/database/.ht.sqlite"
    printf '<?php\n// Where the SQLite plugin leaves its drop-in.\n' \
        >"$root/template-sqlite/www/wp-content/db.php"
    run_php "$here/record.php" "$root/template-sqlite"
    stop
    echo mariadb >"$live/kind"
    echo sqlite >"$root/template-sqlite/kind"
    mv "$live" "$root/template-mariadb"
}

restore() {
    local kind=$1 owner=${2:-}
    stop
    rm -rf "$live"
    cp -a "$root/template-$kind" "$live"
    start "$owner"
}

dump() {
    if [[ $(<"$live/kind") == sqlite ]]; then
        php "$here/dump-sqlite.php" "$www/wp-content/database/.ht.sqlite"
    else
        mariadb-dump --no-defaults --socket="$socket" -u root --skip-dump-date --skip-comments \
            --order-by-primary --hex-blob --skip-extended-insert --triggers --routines \
            --default-character-set=utf8mb4 --max-allowed-packet=512M --ignore-table=wordpress.wp_moniker_tx wordpress |
            sed -E '/^\) ENGINE=/s/ AUTO_INCREMENT=[0-9]+//'
    fi
}

tree() {
    cd "$www/wp-content/uploads"
    # Of every entry: name, type, mode, owner, group, link target, time of change in nanoseconds.
    find . ! -path './.moniker*' -printf '%p\t%y\t%m\t%U\t%G\t%l\t%T@\n' | LC_ALL=C sort
    find . -type f ! -path './.moniker*' -print0 | LC_ALL=C sort -z | xargs -0r sha256sum --
}

ensure() {
    local made
    made=$(cat "$here"/*.* "$here"/theme/* | sha256sum | cut -c1-64)" $*"
    # The template's paths say where it was built.
    [[ -f $root/built && $(<"$root/built") == "$made $root" ]] && return 0
    rm -f "$root/built"
    build "$@"
    echo "$made $root" >"$root/built"
}

case "$command" in
ensure) ensure "$@" ;;
build) build "$@" ;;
restore) restore "$@" ;;
start) start "$@" ;;
stop) stop ;;
php)
    export MONIKER_TEST_SITE=$www
    script=$1
    shift
    run_php "$here/$script" "$live" "$@"
    ;;
sql)
    if [[ $(<"$live/kind") == sqlite ]]; then
        sqlite3 "$www/wp-content/database/.ht.sqlite"
    else
        sql wordpress -N --raw
    fi
    ;;
dump) dump ;;
tree) tree ;;
*)
    echo "error: unknown command \"$command\"" >&2
    exit 64
    ;;
esac
