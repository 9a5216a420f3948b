#!/bin/bash
# Starts and ends a throw-away MariaDB server for tests.
#
#   mariadb.sh start DIR [--tcp | --tls] [--watch PID]
#       makes a data directory in DIR, starts a server on the socket DIR/mariadb.sock and prints
#       the socket's path. With --tcp also on a free port of the loopback; DIR/port holds it.
#       With --tls it speaks TLS there, with a certificate for 127.0.0.1 that DIR/ca.pem signed;
#       DIR/other-ca.pem did not sign it.
#       With --watch the server ends, and DIR goes away, when the process PID has ended.
#   mariadb.sh stop DIR
#       ends the server whose process id is in DIR/mariadb.pid.
#
# Exit codes: 0; 1 for a failure (reason on stderr); 77 if no MariaDB server is installed.
set -eu

find_program() {
    for name in "$@"; do
        for folder in /usr/sbin /usr/bin /usr/local/sbin /usr/local/bin; do
            if [ -x "$folder/$name" ]; then
                echo "$folder/$name"
                return
            fi
        done
    done
    echo "mariadb.sh: $1 is not installed" >&2
    exit 77
}

# 255 is the shell's own: this script.
# The server and the watch outlive this script: they must not hold on to what the caller left open.
close_inherited_files() {
    for file in /proc/self/fd/*; do
        number=${file##*/}
        if [ "$number" -gt 2 ] && [ "$number" -lt 255 ]; then eval "exec $number>&-"; fi
    done
}

is_running() {
    [ -s "$1/mariadb.pid" ] && kill -0 "$(cat "$1/mariadb.pid")" 2>/dev/null
}

free_port() {
    # Bind to port 0 and let the kernel choose; PHP is what the tests need anyway.
    php -r '$s = stream_socket_server("tcp://127.0.0.1:0");
        echo parse_url("tcp://" . stream_socket_get_name($s, false), PHP_URL_PORT);'
}

make_certificates() {
    for name in ca other-ca; do
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$name" \
            -keyout "$1/$name-key.pem" -out "$1/$name.pem" || return 1
    done
    openssl req -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 \
        -keyout "$1/server-key.pem" -out "$1/server-request.pem" || return 1
    echo 'subjectAltName=IP:127.0.0.1' >"$1/extensions"
    openssl x509 -req -in "$1/server-request.pem" -CA "$1/ca.pem" -CAkey "$1/ca-key.pem" \
        -set_serial 1 -days 2 -extfile "$1/extensions" -out "$1/server.pem"
}

start() {
    close_inherited_files
    folder=$1
    shift
    tcp=no
    tls=no
    watched=
    while [ $# -gt 0 ]; do
        case $1 in
        --tcp) tcp=yes ;;
        --tls)
            tcp=yes
            tls=yes
            ;;
        --watch)
            watched=$2
            shift
            ;;
        *)
            echo "mariadb.sh: unknown option $1" >&2
            exit 1
            ;;
        esac
        shift
    done
    server=$(find_program mariadbd mysqld)
    install=$(find_program mariadb-install-db mysql_install_db)
    admin=$(find_program mariadb-admin mysqladmin)
    mkdir -p "$folder"
    user=$(id -un)
    if [ "$user" = root ]; then
        user=mysql
        chown "$user" "$folder"
    fi
    timeout 120 "$install" --no-defaults --user="$user" --datadir="$folder/data" \
        --auth-root-authentication-method=normal --skip-test-db \
        >"$folder/install.log" 2>&1 || {
        cat "$folder/install.log" >&2
        exit 1
    }
    network=--skip-networking
    if [ "$tcp" = yes ]; then
        port=$(free_port)
        echo "$port" >"$folder/port"
        network="--bind-address=127.0.0.1 --port=$port"
    fi
    if [ "$tls" = yes ]; then
        make_certificates "$folder" 2>"$folder/openssl.log" || {
            cat "$folder/openssl.log" >&2
            exit 1
        }
        if [ "$user" = mysql ]; then chown "$user" "$folder"/*.pem; fi
        network="$network --ssl-cert=$folder/server.pem --ssl-key=$folder/server-key.pem"
    fi
    attempt=1
    until launch; do
        # Seldom a server waits for ever for a thread of its own that has begun already.
        kill -9 "$launched" 2>/dev/null || true
        wait "$launched" 2>/dev/null || true
        rm -f "$folder/mariadb.sock" "$folder/mariadb.pid"
        if [ "$attempt" -ge 3 ]; then
            echo "mariadb.sh: the server did not answer in $attempt times 60 seconds" >&2
            tail -20 "$folder/server.log" >&2
            exit 1
        fi
        attempt=$((attempt + 1))
    done
    if [ -n "$watched" ]; then
        nohup sh -c 'tail --pid="$1" -f /dev/null; bash "$2" stop "$3"; rm -rf "$3"' \
            watch "$watched" "$0" "$folder" >/dev/null 2>&1 </dev/null &
    fi
    echo "$folder/mariadb.sock"
}

# Starts the server; fails where it does not answer within a minute.
launch() {
    # shellcheck disable=SC2086 # $network is several words on purpose
    nohup "$server" --no-defaults --user="$user" --datadir="$folder/data" \
        --socket="$folder/mariadb.sock" --pid-file="$folder/mariadb.pid" $network \
        --skip-log-bin --innodb-buffer-pool-size=64M --max-allowed-packet=64M \
        --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_520_ci \
        >"$folder/server.log" 2>&1 </dev/null &
    launched=$!
    end=$(($(date +%s) + 60))
    # A ping by itself waits for hours where the server takes the connection and says nothing.
    until timeout 5 "$admin" --no-defaults --socket="$folder/mariadb.sock" --user=root ping \
        >/dev/null 2>&1; do
        kill -0 "$launched" 2>/dev/null || return 1
        [ "$(date +%s)" -lt "$end" ] || return 1
        sleep 0.1
    done
}

stop() {
    folder=$1
    is_running "$folder" || return 0
    server=$(cat "$folder/mariadb.pid")
    kill "$server"
    attempts=0
    while kill -0 "$server" 2>/dev/null; do
        attempts=$((attempts + 1))
        if [ "$attempts" -ge 300 ]; then
            kill -9 "$server"
            break
        fi
        sleep 0.1
    done
}

case ${1-} in
start) shift && start "$@" ;;
stop) shift && stop "$@" ;;
*)
    sed -n '2,15s/^# \{0,1\}//p' "$0" >&2
    exit 1
    ;;
esac
