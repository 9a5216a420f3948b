import Glibc

/// A stream that text is written to, at once and whole.
struct Output {
    private let descriptor: Int32

    /// Standard output: results.
    static let standard = Output(descriptor: STDOUT_FILENO)
    /// Standard error: errors, progress, notes.
    static let error = Output(descriptor: STDERR_FILENO)

    /// Whether a person is looking.
    var isTerminal: Bool { isatty(descriptor) == 1 }

    /// The number of columns of the terminal, 80 where it does not tell; in a pipe nothing is cut.
    var width: Int {
        guard isTerminal else { return .max / 2 }
        var size = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else {
            // SAFETY: TIOCGWINSZ fills exactly the struct that it is given.
            return 80
        }
        return Int(size.ws_col)
    }

    /// Writes a line.
    func line(_ text: String) { write(text + "\n") }

    /// Writes text.
    ///
    /// A reader that has gone away ends the process quietly, as with any filter.
    func write(_ text: String) { write(bytes: Array(text.utf8)) }

    /// Writes bytes.
    func write(bytes: [UInt8]) {
        var position = 0
        while position < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                // SAFETY: the range lies within the buffer, which lives as long as the closure.
                unsafe Glibc.write(
                    descriptor, buffer.baseAddress?.advanced(by: position),
                    buffer.count - position)
            }
            if written < 0, errno == EINTR { continue }
            if written <= 0 { exit(errno == EPIPE ? 0 : 1) }
            position += written
        }
    }
}
