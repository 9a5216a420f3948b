#pragma once
#include <stdint.h>
#include <sys/types.h>

/* The calls and constants that the Glibc module does not vend (they need _GNU_SOURCE or a macro). */

extern const unsigned int CLinux_RENAME_NOREPLACE;
extern const int CLinux_O_TMPFILE;
extern const int CLinux_O_PATH;

/* openat2(2) with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS; -1 and errno on failure. */
int CLinux_openat_beneath(int directory, const char *path, int flags, mode_t mode);
int CLinux_renameat2(int old_directory, const char *old_path, int new_directory, const char *new_path, unsigned int flags);
int CLinux_syncfs(int descriptor);
/* ioctl(FICLONE): shares the extents of `source` with `target`. */
int CLinux_clone(int target, int source);
ssize_t CLinux_copy_file_range(int source, int target, size_t length);
