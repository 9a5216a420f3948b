import CSandbox
import Foundation
import Testing

/// What a process may still do once it has shut itself in; each try in a process of its own.
@Suite("Pictures: a worker that was taken over can do little", .serialized)
struct SandboxTests {
    /// Shuts this process in as a worker does.
    static func enter() {
        var limits = CSandboxLimits(
            address_space: 16 << 30, processor_seconds: 60, open_files: 64)
        // SAFETY: the call keeps nothing.
        let failure = unsafe CSandbox_enter(&limits, nil)
        precondition(failure == 0, "the limits could not be set")
    }

    @Test("It reads the libraries of the system, and nothing else")
    func reading() async {
        await #expect(processExitsWith: .success) {
            func canRead(_ path: String) -> Bool {
                let file = unsafe open(path, O_RDONLY)
                if file >= 0 { close(file) }
                return file >= 0
            }
            precondition(canRead("/etc/passwd") && canRead("/proc/self/environ"))
            SandboxTests.enter()
            precondition(canRead("/usr/bin/env"))
            precondition(!canRead("/etc/passwd") && !canRead("/proc/self/environ"))
            precondition(!canRead("/tmp") && !canRead("/root") && !canRead("/home"))
        }
    }

    @Test("It writes nothing, also to files that were open before")
    func writing() async {
        await #expect(processExitsWith: .success) {
            let path = "/tmp/moniker-sandbox-\(getpid())"
            let before = unsafe open(path, O_RDWR | O_CREAT, 0o600)
            precondition(before >= 0)
            unsafe unlink(path)
            SandboxTests.enter()
            let written = unsafe write(before, "x", 1)
            precondition(written == -1 && errno == EFBIG)
            precondition(ftruncate(before, 1) == -1 && fchmod(before, 0o777) == -1)
            precondition(unsafe open(path, O_RDWR | O_CREAT, 0o600) == -1)
            precondition(unsafe mkdir(path, 0o700) == -1)
        }
    }

    @Test("It has no network and starts and ends no other process")
    func others() async {
        await #expect(processExitsWith: .success) {
            let parent = getppid()
            precondition(kill(parent, 0) == 0)
            SandboxTests.enter()
            precondition(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) == -1 && errno == EPERM)
            precondition(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) == -1)
            precondition(kill(parent, 0) == -1 && errno == EPERM)
            let arguments: [UnsafeMutablePointer<CChar>?] = unsafe [strdup("true"), nil]
            let started = unsafe execv("/usr/bin/true", arguments)
            precondition(started == -1 && errno == EPERM)
        }
    }

    @Test("Visitors of the site go first, and what is nicer stays so")
    func nice() async {
        await #expect(processExitsWith: .success) {
            func niceness() -> Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
            precondition(niceness() < 10)
            SandboxTests.enter()
            precondition(niceness() == 10)
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 15)
            SandboxTests.enter()
            precondition(niceness() == 15)
        }
    }

    @Test("Memory beyond its limit is refused")
    func memory() async {
        await #expect(processExitsWith: .success) {
            SandboxTests.enter()
            let much = unsafe mmap(
                nil, 32 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                -1, 0)
            precondition(unsafe much == MAP_FAILED && errno == ENOMEM)
        }
    }
}
