import Testing

/// The program itself on a real WordPress: one site at a time, so one test at a time.
@Suite(.serialized) enum EndToEnd {}
