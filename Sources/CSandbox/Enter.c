#define _GNU_SOURCE
#include "CSandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A processor that others want as well is theirs, but for a tenth. */
enum { NICENESS = 10 };

static int limit(int resource, uint64_t value) {
    struct rlimit wanted = {.rlim_cur = value, .rlim_max = value};
    struct rlimit present;
    if (getrlimit(resource, &present)) return errno;
    /* What somebody has set lower stays. */
    if (present.rlim_max < wanted.rlim_max) wanted.rlim_cur = wanted.rlim_max = present.rlim_max;
    return setrlimit(resource, &wanted) ? errno : 0;
}

/* Everything that Landlock's first version knows. */
enum { EVERYTHING = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1 };

static void allow(int rules, const char *path, uint64_t access) {
    struct landlock_path_beneath_attr rule = {.allowed_access = access};
    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0) return;
    syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(rule.parent_fd);
}

static void hide_files(const char *further_folder) {
    struct landlock_ruleset_attr handled = {.handled_access_fs = EVERYTHING};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (rules < 0) return;
    const uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    allow(rules, "/usr", reading);
    allow(rules, "/lib", reading);
    allow(rules, "/lib64", reading);
    allow(rules, "/etc/ld.so.cache", LANDLOCK_ACCESS_FS_READ_FILE);
    allow(rules, "/proc/cpuinfo", LANDLOCK_ACCESS_FS_READ_FILE);
    allow(rules, "/dev/null", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE);
    if (further_folder && *further_folder) allow(rules, further_folder, reading);
    syscall(SYS_landlock_restrict_self, rules, 0);
    close(rules);
}

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define REFUSE(name)                                  \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

static void refuse_calls(void) {
#ifdef ARCHITECTURE
    /* What no decoder needs. A list of what is allowed would break with the next C library. */
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        /* The x32 numbers, which would pass the list below. */
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        REFUSE(socket), REFUSE(connect), REFUSE(bind), REFUSE(listen), REFUSE(accept), REFUSE(accept4),
        REFUSE(execve), REFUSE(execveat), REFUSE(ptrace), REFUSE(process_vm_readv),
        REFUSE(process_vm_writev), REFUSE(pidfd_open), REFUSE(pidfd_getfd), REFUSE(pidfd_send_signal),
        REFUSE(kill), REFUSE(fchmod), REFUSE(fchmodat), REFUSE(fchown), REFUSE(fchownat),
        REFUSE(setxattr), REFUSE(fsetxattr), REFUSE(lsetxattr), REFUSE(utimensat), REFUSE(truncate),
        REFUSE(ftruncate), REFUSE(mount), REFUSE(umount2), REFUSE(unshare), REFUSE(setns), REFUSE(bpf),
        REFUSE(perf_event_open), REFUSE(keyctl), REFUSE(add_key), REFUSE(io_uring_setup), REFUSE(userfaultfd),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
#endif
}

int CSandbox_enter(const CSandboxLimits *limits, const char *further_folder) {
    /* Writing is an error that a library can report, not the end of the process. */
    signal(SIGXFSZ, SIG_IGN);
    int failure = limit(RLIMIT_CORE, 0);
    if (!failure) failure = limit(RLIMIT_FSIZE, 0);
    if (!failure) failure = limit(RLIMIT_AS, limits->address_space);
    if (!failure) failure = limit(RLIMIT_CPU, limits->processor_seconds);
    if (!failure) failure = limit(RLIMIT_NOFILE, limits->open_files);
    if (failure) return failure;
    prctl(PR_SET_DUMPABLE, 0);
    /* The site's visitors go first; what is nicer already stays so, because it may not be less. */
    if (getpriority(PRIO_PROCESS, 0) < NICENESS) setpriority(PRIO_PROCESS, 0, NICENESS);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return errno;
    hide_files(further_folder);
    refuse_calls();
    return 0;
}

void CSandbox_allow_seconds(uint64_t processor, uint64_t wall) {
    struct rusage used;
    struct rlimit present;
    if (!getrusage(RUSAGE_SELF, &used) && !getrlimit(RLIMIT_CPU, &present)) {
        rlim_t wanted = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + 1 + processor;
        present.rlim_cur = wanted < present.rlim_max ? wanted : present.rlim_max;
        setrlimit(RLIMIT_CPU, &present);
    }
    alarm((unsigned)wall);
}

void CSandbox_rest(void) { alarm(0); }
