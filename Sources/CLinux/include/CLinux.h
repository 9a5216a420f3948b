#pragma once
#include <dirent.h>
#include <stdint.h>
#include <sys/types.h>

/* The calls and constants that the Glibc module does not vend (they need _GNU_SOURCE or a macro). */

extern const unsigned int CLinux_RENAME_NOREPLACE;
extern const int CLinux_O_TMPFILE;
extern const int CLinux_O_PATH;

/* openat2(2) with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS; -1 and errno on failure. */
int CLinux_openat_beneath(int directory, const char *path, int flags, mode_t mode);
/* The same where openat2(2) is missing or a sandbox denies it: one folder after the other. ELOOP for a
   symbolic link anywhere, EXDEV for `..`, EINVAL for a path that is empty or absolute. Creates nothing. */
int CLinux_openat_walking(int directory, const char *path, int flags);
int CLinux_renameat2(int old_directory, const char *old_path, int new_directory, const char *new_path, unsigned int flags);
/* linkat(2) of what an open descriptor refers to, by way of /proc/self/fd where the user may not
   name it directly; never replaces. */
int CLinux_link_descriptor(int descriptor, int new_directory, const char *new_path);
int CLinux_syncfs(int descriptor);
/* ioctl(FICLONE): shares the extents of `source` with `target`. */
int CLinux_clone(int target, int source);
/* Makes free() give blocks of a megabyte and more back to the system at once, and smaller ones as soon
   as 16 MB of them lie free together (mallopt). */
void CLinux_return_large_blocks(void);
/* Gives what has been freed back to the system (malloc_trim): milliseconds for each 100 MB. */
void CLinux_return_free_memory(void);
/* From here on the first SIGINT, SIGTERM or SIGHUP is only noted; the next one ends the process. */
void CLinux_note_interrupts(void);
/* Whether one has been noted. */
int CLinux_was_interrupted(void);
/* Whether some bytes contain others (memmem). */
int CLinux_contains(const void *bytes, size_t count, const void *term, size_t term_count);
ssize_t CLinux_copy_file_range(int source, int target, size_t length);
/* futimens(2) that leaves the access time as it is. */
int CLinux_set_modified(int descriptor, int64_t nanoseconds);
/* The name of an entry, whose C type is an array that Swift sees as a tuple. */
const char *CLinux_entry_name(const struct dirent *entry);
/* The C library's sentence for an errno, or NULL; a constant, so safe between threads. */
const char *CLinux_error_description(int number);
