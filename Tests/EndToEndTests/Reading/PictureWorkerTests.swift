import Testing

extension EndToEnd {
    @Suite("The shipped program as its own picture worker") struct PictureWorkerTests {
        @Test("It serves requests and no command, and ends when there are none")
        func worker() throws {
            let worker = try run(MonikerBinary.path, ["__picture-worker"])
            #expect(worker.status == 0)
            #expect(worker.output.isEmpty)
            #expect(worker.errors.isEmpty)
            let command = try run(MonikerBinary.path, ["site", "__picture-worker"])
            #expect(command.status == 64)
        }
    }
}
