internal import CSandbox
internal import Glibc
internal import Model

/// One running picture worker and the socket to it.
///
/// A worker serves one picture at a time. After any failure of the exchange it is of no use any more.
final class WorkerProcess: Sendable {
    /// The longest answer that is read: a JPEG and some texts.
    private static let longestAnswer = 16 << 20

    private let socket: Int32
    private let process: pid_t
    private let handle: Int32

    /// Starts a worker.
    ///
    /// - Throws: `image-worker-failed`.
    init(_ program: WorkerProgram) throws(MonikerError) {
        var socket: Int32 = -1
        var process: pid_t = 0
        var handle: Int32 = -1
        let words: [String] = ["moniker", PictureWorker.argument]
        let variables: [String] = program.environment
        // SAFETY: the copies are given back after the call, which keeps none of them.
        let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        let environment = unsafe variables.map { unsafe strdup($0) } + [nil]
        defer { unsafe (arguments + environment).forEach { unsafe free($0) } }
        // SAFETY: both lists end with nil, and the system copies them.
        let failure = unsafe CSandbox_spawn(
            program.path, arguments, environment, &socket, &process, &handle)
        guard failure == 0 else {
            throw MonikerError(
                .imageWorkerFailed,
                "the picture worker \"\(program.path)\" cannot be started (error \(failure) of the system); check memory and the number of processes, then try again"
            )
        }
        self.socket = socket
        self.process = process
        self.handle = handle
    }

    deinit {
        // A worker ends by itself when its socket closes; one that hangs does not.
        kill()
        close(socket)
        close(handle)
        var status: Int32 = 0
        // SAFETY: the system only writes to `status`. It was killed, so this does not take long.
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    /// Ends it at once; whoever waits for its answer hears that it died.
    func kill() { CSandbox_kill(handle) }

    /// Sends a request with a file and waits for the answer; blocks the thread.
    ///
    /// - Throws: `image-timeout`, `image-worker-failed`. The worker is of no use afterwards.
    func exchange(
        _ request: PictureRequest, file: Int32, name: String
    ) throws(MonikerError) -> PictureReply {
        let body = request.encoded
        var message = WireWriter()
        message.write(body)
        let bytes = message.bytes
        // SAFETY: the bytes outlive the call, and the descriptor is open.
        guard unsafe CSandbox_send(socket, bytes, bytes.count, file) == 0 else { throw died(name) }
        let deadline = CSandbox_now() + Int64(request.limits.milliseconds)
        var header = WireReader(try receive(8, until: deadline, name: name))
        let count = try header.number(in: 0...Self.longestAnswer)
        return try PictureReply(try receive(count, until: deadline, name: name))
    }

    private func receive(
        _ count: Int, until deadline: Int64, name: String
    ) throws(MonikerError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            guard CSandbox_wait(socket, deadline) == 1 else {
                kill()
                throw MonikerError(
                    .imageTimeout,
                    "preparing \"\(name)\" took too long and was stopped; describe it by hand or make the file smaller"
                )
            }
            let received = unsafe bytes.withUnsafeMutableBytes { buffer in
                // SAFETY: not more than the rest of the buffer is written; descriptors are closed.
                unsafe CSandbox_receive(
                    socket, buffer.baseAddress?.advanced(by: done), count - done, nil)
            }
            guard received > 0 else { throw died(name) }
            done += received
        }
        return bytes
    }

    private func died(_ name: String) -> MonikerError {
        MonikerError(
            .imageWorkerFailed,
            "the picture worker died over \"\(name)\": the file is damaged, hostile or needs more memory than is allowed; describe it by hand"
        )
    }
}
