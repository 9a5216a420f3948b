import Access
import HTTPTypes
import Jobs
import Model
import UseCases

/// What the last job of the kind `analyze` found; never computed while somebody waits.
struct AnalysisRoutes: Sendable {
    let jobs: JobStore
    let worker: Worker

    var endpoints: [Endpoint] {
        [Endpoint(.get, "/v1/analysis", .scope(.read), show)]
    }

    /// The newest report, and the job that makes the next one.
    struct Standing: Sendable {
        /// The job that made the report; nil where there is none yet.
        var job: Job?
        /// The job that is to make the next one.
        var pending: Job?
    }

    func standing() async throws(MonikerError) -> Standing {
        try await worker.run { [jobs] () throws(MonikerError) in
            Standing(
                job: try jobs.newestReport(of: .analyze), pending: try jobs.unfinished(of: .analyze)
            )
        }
    }

    private struct Report: Encodable {
        var job: String?
        var finished: Int64?
        var pending: Job?

        private enum CodingKeys: CodingKey {
            case job, finished, pending
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(job, forKey: .job)
            try container.encode(finished, forKey: .finished)
            try container.encode(pending, forKey: .pending)
        }
    }

    @Sendable private func show(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let standing = try await standing()
        let report = Report(
            job: standing.job?.id, finished: standing.job?.finished, pending: standing.pending)
        // The report is JSON already, as the job has left it.
        let text = JSONText.line(report).dropLast() + ",\"report\":"
        return APIAnswer(
            .ok, contentType: "application/json",
            body: Array("\(text)\(standing.job?.report ?? "null")}".utf8))
    }
}
