/// How an original is put into the store.
public enum OriginalStorage: Hashable, Sendable {
    /// As a file of its own, whose data is durable at once.
    case file
    /// As a file of its own, whose data, too, may become durable with `synchronizeOriginals()` only.
    case fileOfMany
    /// Together with others, as one of thousands: making a file for each would take most of the time.
    case packed
}
