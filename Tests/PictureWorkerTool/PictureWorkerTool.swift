import Imaging

/// The worker of the tests: what `moniker` becomes when it is started as one.
@main
struct PictureWorkerTool {
    static func main() { PictureWorker.run() }
}
