/// A value that one thread gives to another and does not use any more until that has ended.
struct HandedOver<Value>: @unchecked Sendable {
    // Unchecked: the giver waits for the taker before it uses the value, or anything in it, again.
    let value: Value

    init(_ value: Value) { self.value = value }
}
