#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

const unsigned int CLinux_RENAME_NOREPLACE = 1U; /* RENAME_NOREPLACE of <linux/fs.h> */
const int CLinux_O_TMPFILE = O_TMPFILE;
const int CLinux_O_PATH = O_PATH;

int CLinux_openat_beneath(int directory, const char *path, int flags, mode_t mode) {
    struct open_how how = {
        .flags = (uint64_t)flags,
        .mode = mode,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

/* What openat(2) says of a link is ENOTDIR where a folder is wanted: ELOOP, as openat2(2) would. */
static int explained(int directory, const char *name, int failure) {
    struct stat status;
    int is_link = !fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) && S_ISLNK(status.st_mode);
    return is_link ? ELOOP : failure;
}

int CLinux_openat_walking(int directory, const char *path, int flags) {
    char name[NAME_MAX + 1];
    int folder = directory, opened = -1, failure = *path && *path != '/' ? 0 : EINVAL;
    while (!failure) {
        size_t length = strcspn(path, "/");
        const char *rest = path + length + strspn(path + length, "/");
        if (length > NAME_MAX) {
            failure = ENAMETOOLONG;
            break;
        }
        memcpy(name, path, length);
        name[length] = 0;
        if (!strcmp(name, "..")) {
            failure = EXDEV;
            break;
        }
        int next_flags = *rest ? O_PATH | O_DIRECTORY | O_CLOEXEC : flags;
        opened = openat(folder, name, next_flags | O_NOFOLLOW);
        if (opened < 0) failure = explained(folder, name, errno);
        if (folder != directory) close(folder);
        folder = directory;
        if (failure || !*rest) break;
        folder = opened;
        path = rest;
    }
    if (folder != directory) close(folder);
    if (!failure) return opened;
    errno = failure;
    return -1;
}

int CLinux_renameat2(int old_directory, const char *old_path, int new_directory, const char *new_path, unsigned int flags) {
    return renameat2(old_directory, old_path, new_directory, new_path, flags);
}

int CLinux_syncfs(int descriptor) { return syncfs(descriptor); }

int CLinux_clone(int target, int source) { return ioctl(target, FICLONE, source); }

int CLinux_contains(const void *bytes, size_t count, const void *term, size_t term_count) {
    return memmem(bytes, count, term, term_count) != NULL;
}

ssize_t CLinux_copy_file_range(int source, int target, size_t length) {
    return copy_file_range(source, NULL, target, NULL, length, 0);
}

int CLinux_link_descriptor(int descriptor, int new_directory, const char *new_path) {
    /* The shorter way, which needs CAP_DAC_READ_SEARCH before Linux 6.10; ENOENT without it. */
    if (linkat(descriptor, "", new_directory, new_path, AT_EMPTY_PATH) == 0) return 0;
    if (errno != ENOENT) return -1;
    char source[32];
    snprintf(source, sizeof source, "/proc/self/fd/%d", descriptor);
    return linkat(AT_FDCWD, source, new_directory, new_path, AT_SYMLINK_FOLLOW);
}

int CLinux_set_modified(int descriptor, int64_t nanoseconds) {
    int64_t seconds = nanoseconds / 1000000000, rest = nanoseconds % 1000000000;
    if (rest < 0) {
        seconds -= 1;
        rest += 1000000000;
    }
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = seconds, .tv_nsec = rest}};
    return futimens(descriptor, times);
}

const char *CLinux_entry_name(const struct dirent *entry) { return entry->d_name; }

const char *CLinux_error_description(int number) { return strerrordesc_np(number); }

void CLinux_return_large_blocks(void) {
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    /* A bulk change takes and frees some megabytes for every part: what is given back each time has to
       be cleared by the kernel each time. */
    mallopt(M_TRIM_THRESHOLD, 16 << 20);
}

void CLinux_return_free_memory(void) { malloc_trim(0); }

static volatile sig_atomic_t was_interrupted = 0;

static void note_interrupt(int signal) {
    (void)signal;
    was_interrupted = 1;
}

void CLinux_note_interrupts(void) {
    struct sigaction action = {.sa_handler = note_interrupt, .sa_flags = SA_RESTART | SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

int CLinux_was_interrupted(void) { return was_interrupted; }
