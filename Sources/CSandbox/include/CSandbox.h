#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Child processes that may do little: how they are started, talked to and shut in. */

/* What a child may use. */
typedef struct {
    uint64_t address_space;    /* Bytes (RLIMIT_AS). */
    uint64_t processor_seconds; /* In all (RLIMIT_CPU). */
    uint64_t open_files;       /* RLIMIT_NOFILE. */
} CSandboxLimits;

/* Starts a program with a socket as its standard input, nothing as its output, no other open file,
   and only the environment that is given. 0, or an errno. `handle` is a pidfd. */
int CSandbox_spawn(
    const char *program, char *const arguments[], char *const environment[], int *socket, pid_t *process,
    int *handle);
/* Ends the process of a pidfd at once; does nothing where it has ended. */
void CSandbox_kill(int handle);
/* Sends all bytes and, with the first of them, a descriptor (-1 for none). 0, or an errno. */
int CSandbox_send(int socket, const void *bytes, size_t count, int descriptor);
/* Receives some bytes, and a descriptor if one comes with them. Their number, 0 at the end, or -1. */
ssize_t CSandbox_receive(int socket, void *bytes, size_t count, int *descriptor);
/* Waits for something to read until a moment of the monotonic clock, in milliseconds: 1; 0 when it
   has passed; -1 and errno on failure. */
int CSandbox_wait(int socket, int64_t deadline);
/* The monotonic clock in milliseconds. */
int64_t CSandbox_now(void);
/* Opens a regular file to be read, never through a symbolic link at its end. -1 and errno. */
int CSandbox_open_file(const char *path);

/* Shuts this process in, for good: no files but those below system folders (to be read), no network,
   no programs, no core, limits as given, others first. Folders that are absent and a kernel without Landlock are
   no failure; 0, or an errno where a limit cannot be set. */
int CSandbox_enter(const CSandboxLimits *limits, const char *further_folder);
/* Gives the next piece of work so many seconds of processor and of wall clock; then a signal ends
   the process. */
void CSandbox_allow_seconds(uint64_t processor, uint64_t wall);
/* Takes the limit of the wall clock back: waiting for work is free. */
void CSandbox_rest(void);
