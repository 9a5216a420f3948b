#!/bin/bash
# A file system of its own whose power can be cut.
#
#   disk.sh allowed ext4|xfs                    exits with 0 when such a disk can be made here
#   disk.sh create IMAGE FOLDER ext4|xfs OWNER  makes IMAGE, moves what is in FOLDER onto it, mounts
#                                               it there; it is unmounted when process OWNER is gone
#   disk.sh settle FOLDER                       makes everything on it durable
#   disk.sh cut IMAGE FOLDER                    the power goes and comes back: what only memory had
#                                               is lost, and the journal is replayed
#   disk.sh remove IMAGE FOLDER                 unmounts and removes it; what was there is there no more
set -euo pipefail

# Nothing may reach the disk merely because time has passed.
options_of() {
    case "$1" in
    ext4) echo loop,commit=600 ;;
    xfs) echo loop ;;
    esac
}

make_file_system() {
    # The least that mkfs.xfs takes; a sparse file.
    truncate -s 320M "$1"
    case "$2" in
    ext4) mkfs.ext4 -q -F "$1" ;;
    xfs) mkfs.xfs -q -f "$1" ;;
    esac
}

# FS_IOC_SHUTDOWN with NOLOGFLUSH: from here on nothing is written, not even the journal.
shut_down() {
    python3 - "$1" <<'PYTHON'
import fcntl, os, struct, sys
FS_IOC_SHUTDOWN, NOLOGFLUSH = 0x8004587D, 2
folder = os.open(sys.argv[1], os.O_RDONLY | os.O_DIRECTORY)
fcntl.ioctl(folder, FS_IOC_SHUTDOWN, struct.pack("=I", NOLOGFLUSH))
PYTHON
}

case "$1" in
allowed)
    ((EUID == 0)) && [[ -e /dev/loop-control ]] || exit 1
    trial=$(mktemp -d)
    trap 'umount -l "$trial/disk" 2>/dev/null; rm -rf "$trial"' EXIT
    mkdir "$trial/disk"
    make_file_system "$trial/image" "$2"
    mount -t "$2" -o "$(options_of "$2")" "$trial/image" "$trial/disk"
    shut_down "$trial/disk"
    ;;
create)
    image=$2 folder=$3 kind=$4 owner=$5
    make_file_system "$image" "$kind"
    echo "$kind" >"$image.kind"
    contents=$(mktemp -d "$folder.XXXXXX")
    cp -a "$folder/." "$contents"
    mount -t "$kind" -o "$(options_of "$kind")" "$image" "$folder"
    # Whatever becomes of the tests, the mount does not outlive them. Lazily: somebody may be in it.
    setsid bash -c '
        while kill -0 "$1" 2>/dev/null && [[ -e $2 ]]; do sleep 0.5; done
        while umount -l "$3" 2>/dev/null; do :; done
    ' watcher "$owner" "$image" "$folder" </dev/null >/dev/null 2>&1 &
    rm -rf "$folder/lost+found"
    cp -a "$contents/." "$folder"
    rm -rf "$contents"
    ;;
settle) sync -f "$2" ;;
cut)
    kind=$(<"$2.kind")
    shut_down "$3"
    umount "$3"
    # Whoever copied the mounts of this machine a moment ago holds the dead file system, and
    # mounting the same image would give that. What is in the image is what the disk has.
    waited=0
    while [[ -n $(losetup -j "$2") ]]; do
        waited=$((waited + 1))
        if ((waited > 100)); then
            cp --sparse=always "$2" "$2.copy"
            mv "$2.copy" "$2"
            break
        fi
        sleep 0.02
    done
    mount -t "$kind" -o "$(options_of "$kind")" "$2" "$3"
    ;;
remove)
    umount "$3" || umount -l "$3"
    rm -f "$2" "$2.kind"
    ;;
*)
    echo "error: unknown command \"$1\"" >&2
    exit 64
    ;;
esac
