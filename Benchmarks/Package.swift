// swift-tools-version: 6.3
import PackageDescription

// A package of its own, so that the tool's users never build it.
let package = Package(
    name: "moniker-bench",
    products: [.executable(name: "moniker-bench", targets: ["RewritingBenchmark"])],
    dependencies: [.package(name: "moniker", path: "..")],
    targets: [
        .executableTarget(
            name: "RewritingBenchmark",
            dependencies: [.product(name: "MonikerRewriting", package: "moniker")],
            swiftSettings: [.strictMemorySafety(), .treatAllWarnings(as: .error)])
    ],
    swiftLanguageModes: [.v6]
)
