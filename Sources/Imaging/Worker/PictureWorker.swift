internal import CSandbox
internal import Glibc
internal import Model

/// The process that decodes pictures: one request with one open file at a time, until nobody asks.
public enum PictureWorker {
    /// The first argument with which a program is told to be a worker.
    public static let argument = "__picture-worker"

    /// Serves requests that come through standard input, which is a socket, and ends the process.
    public static func run() -> Never {
        var session = WorkerSession()
        while let (bytes, file) = nextRequest() {
            let reply: PictureReply
            do throws(MonikerError) {
                reply = try session.reply(to: PictureRequest(bytes), file: file)
            } catch {
                reply = .failed(error)
            }
            close(file)
            CSandbox_rest()
            var message = WireWriter()
            message.write(reply.encoded)
            let bytes = message.bytes
            // SAFETY: the bytes outlive the call.
            guard unsafe CSandbox_send(STDIN_FILENO, bytes, bytes.count, -1) == 0 else { break }
        }
        exit(0)
    }

    /// The next request and the file that came with it; nil when there are no more.
    private static func nextRequest() -> (bytes: [UInt8], file: Int32)? {
        var file: Int32 = -1
        guard let header = receive(8, file: &file) else { return nil }
        var reader = WireReader(header)
        do throws(MonikerError) {
            let count = try reader.number(in: 0...65_536)
            guard let bytes = receive(count, file: &file), file >= 0 else { return nil }
            return (bytes, file)
        } catch {
            return nil
        }
    }

    private static func receive(_ count: Int, file: inout Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let received = unsafe bytes.withUnsafeMutableBytes { buffer in
                // SAFETY: not more than the rest of the buffer is written.
                unsafe CSandbox_receive(
                    STDIN_FILENO, buffer.baseAddress?.advanced(by: done), count - done, &file)
            }
            guard received > 0 else { return nil }
            done += received
        }
        return bytes
    }
}
