// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "moniker", path: "..")],
    targets: [
        .executableTarget(
            name: "RewritingBenchmark",
            dependencies: [.product(name: "MonikerRewriting", package: "moniker")],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("ImmutableWeakCaptures"),
                .enableUpcomingFeature("InferIsolatedConformances"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
                .strictMemorySafety(),
                .treatAllWarnings(as: .error),
            ])
    ],
    swiftLanguageModes: [.v6]
)
