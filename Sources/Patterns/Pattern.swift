import CPCRE2

/// A compiled PCRE2 pattern on bytes, with JIT where the machine has it; any thread may use it.
@safe public final class Pattern: @unchecked Sendable {
    // SAFETY: pcre2_code is immutable after compilation and may be shared by threads; it is owned
    // by this object alone and freed once.
    private let code: OpaquePointer
    private let isCompiledToMachineCode: Bool

    /// Compiles a pattern.
    ///
    /// Patterns are built from quoted literals, so one that does not compile is a defect.
    public init(_ source: String, isCaseInsensitive: Bool = false) {
        var errorCode: Int32 = 0
        var errorOffset = 0
        let bytes = Array(source.utf8)
        let options = isCaseInsensitive ? PCRE2_CASELESS : 0
        // SAFETY: the pattern is handed over with its length and copied by the compiler.
        let compiled = unsafe bytes.withUnsafeBufferPointer {
            unsafe pcre2_compile_8(
                $0.baseAddress, $0.count, options, &errorCode, &errorOffset, nil)
        }
        guard let compiled = unsafe compiled else {
            preconditionFailure("pattern \(source): error \(errorCode) at \(errorOffset)")
        }
        unsafe code = compiled
        // Without JIT (a hardened kernel may refuse executable memory) matching is only slower.
        isCompiledToMachineCode = unsafe pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE) == 0
    }

    deinit { unsafe pcre2_code_free_8(code) }

    /// All matches in a part of some bytes, from left to right, not overlapping.
    ///
    /// - Complexity: linear for patterns in which nothing is tried twice, as in all of Moniker: every
    ///   repetition is possessive, and no stack grows.
    public func matches(in bytes: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        forEachMatch(in: bytes, range) {
            found.append($0)
            return true
        }
        return found
    }

    /// The first match in a part of some bytes.
    public func firstMatch(in bytes: [UInt8], _ range: Range<Int>) -> Range<Int>? {
        var found: Range<Int>?
        forEachMatch(in: bytes, range) {
            found = $0
            return false
        }
        return found
    }

    /// Whether there is a match in bytes that belong to somebody else.
    public func matches(anywhereIn bytes: UnsafeRawBufferPointer) -> Bool {
        let data = unsafe pcre2_match_data_create_8(1, nil)
        defer { unsafe pcre2_match_data_free_8(data) }
        let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        // SAFETY: start and count describe the caller's bytes, valid during the call; PCRE2 takes
        // a missing start where there are none.
        let count =
            isCompiledToMachineCode
            ? unsafe pcre2_jit_match_8(code, start, bytes.count, 0, 0, data, nil)
            : unsafe pcre2_match_8(code, start, bytes.count, 0, 0, data, nil)
        return count >= 0
    }

    /// Whether there is a match in a part of some bytes.
    public func matches(anywhereIn bytes: [UInt8], _ range: Range<Int>) -> Bool {
        var found = false
        forEachMatch(in: bytes, range) { _ in
            found = true
            return false
        }
        return found
    }

    private func forEachMatch(
        in bytes: [UInt8], _ range: Range<Int>, _ body: (Range<Int>) -> Bool
    ) {
        guard !range.isEmpty else { return }
        let data = unsafe pcre2_match_data_create_8(1, nil)
        defer { unsafe pcre2_match_data_free_8(data) }
        // SAFETY: subject and length describe the array's own storage, valid in the closure; the
        // offset vector belongs to `data` and holds one pair.
        unsafe bytes.withUnsafeBufferPointer { subject in
            var start = range.lowerBound
            while start < range.upperBound {
                // The first call leaves out checks of arguments that are known to be good.
                let count =
                    isCompiledToMachineCode
                    ? unsafe pcre2_jit_match_8(
                        code, subject.baseAddress, range.upperBound, start, 0, data, nil)
                    : unsafe pcre2_match_8(
                        code, subject.baseAddress, range.upperBound, start, 0, data, nil)
                guard count >= 0, let offsets = unsafe pcre2_get_ovector_pointer_8(data) else {
                    return
                }
                let match = unsafe offsets[0]..<offsets[1]
                guard body(match) else { return }
                start = max(match.upperBound, match.lowerBound + 1)
            }
        }
    }
}
