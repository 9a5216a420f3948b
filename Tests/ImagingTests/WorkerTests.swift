import Foundation
import Imaging
import Model
import Testing

@Suite("Pictures: workers die, hang and are replaced", .serialized)
struct WorkerTests {
    private let box: PictureBox

    init() throws {
        box = try PictureBox()
        try box.draw("a.jpg", width: 90, height: 60, "$fill(0, 0, 45, 60, $colour(200, 0, 0));")
    }

    private func isRunning(_ process: Int32) -> Bool { kill(process, 0) == 0 }

    /// Waits until a process that was killed is gone; a test that waits in vain is ended by its limit.
    private func end(of process: Int32) async { while isRunning(process) { await Task.yield() } }

    /// Waits until workers have noted their ids; a test that waits in vain is ended by its limit.
    private func firstProcess() async throws -> Int32 {
        while true {
            if FileManager.default.fileExists(atPath: box.path("pids")),
                let process = try box.processes().first
            {
                return process
            }
            await Task.yield()
        }
    }

    @Test("A worker that was killed while idle is replaced, and nobody hears of it")
    func killedWhileIdle() async throws {
        let preparation = PictureBox.preparation(program: try box.notedWorker())
        let first = try await preparation.prepare(box.file("a.jpg"))
        kill(try #require(try box.processes().first), SIGKILL)
        #expect(try await preparation.prepare(box.file("a.jpg")) == first)
        #expect(try box.processes().count == 2)
    }

    @Test("A worker that dies over a picture costs that picture only")
    func dies() async throws {
        // Dies at its first start and is the real one from then on.
        let program = try box.program(
            "dies",
            "#!/bin/sh\n[ -e '\(box.path("once"))' ] && exec '\(PictureBox.worker.path)' \"$@\"\n: > '\(box.path("once"))'\nkill -SEGV $$\n"
        )
        let preparation = PictureBox.preparation(program: program)
        #expect(
            await code { () throws(MonikerError) in try await preparation.prepare(box.file("a.jpg"))
            }
                == .imageWorkerFailed)
        #expect(try await preparation.prepare(box.file("a.jpg")).facts.width == 90)
    }

    @Test(
        "A worker that answers nonsense",
        arguments: ["12345678", "\\0\\0\\0\\0\\0\\0\\0\\7garbage", ""])
    func nonsense(answer: String) async throws {
        let program = try box.program(
            "nonsense", "#!/bin/sh\nprintf '\(answer)' >&0\nexec sleep 1000\n")
        let preparation = PictureBox.preparation(
            limits: PictureLimits(milliseconds: answer.isEmpty ? 500 : 60_000), program: program)
        let found = await code { () throws(MonikerError) in
            try await preparation.prepare(box.file("a.jpg"))
        }
        #expect(found == (answer.isEmpty ? .imageTimeout : .imageWorkerFailed))
    }

    @Test("A worker that hangs is killed when its time is over", .timeLimit(.minutes(10)))
    func hangs() async throws {
        let program = try box.program(
            "hangs", "#!/bin/sh\necho $$ > '\(box.path("pids"))'\nexec sleep 1000\n")
        let preparation = PictureBox.preparation(
            limits: PictureLimits(milliseconds: 300), program: program)
        #expect(
            await code { () throws(MonikerError) in try await preparation.prepare(box.file("a.jpg"))
            }
                == .imageTimeout)
        await end(of: try await firstProcess())
    }

    @Test("A worker that is stopped in the middle is killed and replaced", .timeLimit(.minutes(10)))
    func stopped() async throws {
        let preparation = PictureBox.preparation(
            limits: PictureLimits(milliseconds: 3000), program: try box.notedWorker())
        _ = try await preparation.prepare(box.file("a.jpg"))
        let process = try #require(try box.processes().first)
        kill(process, SIGSTOP)
        #expect(
            await code { () throws(MonikerError) in try await preparation.prepare(box.file("a.jpg"))
            }
                == .imageTimeout)
        await end(of: process)
        #expect(try await preparation.prepare(box.file("a.jpg")).facts.width == 90)
    }

    @Test("Cancelling kills the worker", .timeLimit(.minutes(10)))
    func cancelled() async throws {
        let program = try box.program(
            "hangs", "#!/bin/sh\necho $$ > '\(box.path("pids"))'\nexec sleep 1000\n")
        let preparation = PictureBox.preparation(
            limits: PictureLimits(milliseconds: 600_000), program: program)
        let file = box.file("a.jpg")
        func started() -> Task<ErrorCode?, Never> {
            Task { await code { () throws(MonikerError) in try await preparation.prepare(file) } }
        }
        let working = started()
        let process = try await firstProcess()
        // There is one place, so this one waits for it.
        let waiting = started()
        waiting.cancel()
        #expect(await waiting.value == .cancelled)
        #expect(isRunning(process))
        working.cancel()
        #expect(await working.value == .cancelled)
        await end(of: process)
    }

    @Test(
        "Never more workers than asked for; each serves its number of pictures",
        .timeLimit(.minutes(5)))
    func pool() async throws {
        let preparation = PictureBox.preparation(workers: 2, program: try box.notedWorker())
        let file = box.file("a.jpg")
        for _ in 0..<2 {
            let widths = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<40 {
                    group.addTask { try await preparation.prepare(file).facts.width }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(widths == Array(repeating: 90, count: 40))
            #expect((1...2).contains(try box.processes().count))
        }
        preparation.endIdleWorkers()
        for process in try box.processes() { await end(of: process) }

        try FileManager.default.removeItem(atPath: box.path("pids"))
        let replaced = PictureBox.preparation(
            limits: PictureLimits(milliseconds: 120_000, picturesPerWorker: 3),
            program: try box.notedWorker())
        for _ in 0..<7 { _ = try await replaced.prepare(file) }
        #expect(try box.processes().count == 3)
    }

    @Test("A worker that has nothing to do for longer than a picture may take stays")
    func idle() async throws {
        // A worker gives itself twice two seconds more than these.
        let preparation = PictureBox.preparation(
            limits: PictureLimits(milliseconds: 2999), program: try box.notedWorker())
        _ = try await preparation.prepare(box.file("a.jpg"))
        // Time itself is what is tried here: nothing is waited for, and nothing may happen.
        try await Task.sleep(for: .seconds(9))
        _ = try await preparation.prepare(box.file("a.jpg"))
        #expect(try box.processes().count == 1)
    }

    @Test("A program that cannot be started")
    func noProgram() async throws {
        let preparation = PictureBox.preparation(program: WorkerProgram(path: box.path("none")))
        #expect(
            await code { () throws(MonikerError) in try await preparation.prepare(box.file("a.jpg"))
            }
                == .imageWorkerFailed)
    }

    @Test("Keys and open files of the program are not handed on")
    func inheritance() async throws {
        // SAFETY: the texts outlive the calls, and no other test changes the environment.
        unsafe setenv("ANTHROPIC_API_KEY", "sk-not-for-workers", 1)
        let secret = unsafe open(box.path("a.jpg"), O_RDONLY)
        defer { close(secret) }
        let program = try box.program(
            "looks",
            "#!/bin/sh\n/usr/bin/env > '\(box.path("env"))'\n/bin/ls -l /proc/$$/fd > '\(box.path("fds"))'\nexec '\(PictureBox.worker.path)' \"$@\"\n"
        )
        _ = try await PictureBox.preparation(program: program).prepare(box.file("a.jpg"))
        let environment = String(decoding: try box.read("env"), as: UTF8.self)
        #expect(environment.contains("LC_ALL=C.UTF-8"))
        #expect(!environment.contains("sk-not-for-workers"))
        let descriptors = String(decoding: try box.read("fds"), as: UTF8.self)
        #expect(descriptors.contains("0 -> socket:"))
        #expect(!descriptors.contains("a.jpg"))
    }

    @Test("The kernel says that a worker is shut in")
    func shutIn() async throws {
        let preparation = PictureBox.preparation(program: try box.notedWorker())
        _ = try await preparation.prepare(box.file("a.jpg"))
        let process = try #require(try box.processes().first)
        func lines(_ name: String) throws -> [String] {
            try String(contentsOfFile: "/proc/\(process)/\(name)", encoding: .utf8)
                .split(separator: "\n").map {
                    $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                }
        }
        let status = try lines("status")
        #expect(status.contains("NoNewPrivs: 1"))
        #expect(status.contains("Seccomp: 2"))
        let limits = try lines("limits")
        #expect(limits.contains("Max file size 0 0 bytes"))
        #expect(limits.contains("Max core file size 0 0 bytes"))
        #expect(limits.contains("Max address space \(2 << 30) \(2 << 30) bytes"))
        #expect(limits.contains("Max open files 64 64 files"))
        #expect(!limits.contains { $0.hasPrefix("Max cpu time unlimited") })
    }
}
