public import Model

/// A name that nobody has yet.
public enum UniqueName {
    /// The stem, or where it is taken, the first of `stem-2`, `stem-3`, … that is free.
    ///
    /// Ends as soon as `isTaken` is false once; asks once for each candidate.
    ///
    /// - Throws: what `isTaken` throws.
    public static func stem(
        _ stem: [UInt8], isTaken: ([UInt8]) throws(MonikerError) -> Bool
    ) throws(MonikerError) -> [UInt8] {
        var candidate = stem
        var number = 2
        while try isTaken(candidate) {
            candidate = stem + Array("-\(number)".utf8)
            number += 1
        }
        return candidate
    }
}
