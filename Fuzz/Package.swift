// swift-tools-version: 6.3
import PackageDescription

// libFuzzer needs its runtime linked into the executable, which unsafe flags alone can ask for; that
// is why this is a package of its own.
let package = Package(
    name: "moniker-fuzz",
    dependencies: [
        .package(name: "moniker", path: ".."),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        .target(name: "CFuzzer"),
        .executableTarget(
            name: "ParserFuzz",
            dependencies: [
                "CFuzzer", .product(name: "MonikerParsers", package: "moniker"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: [.unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]),
    ],
    swiftLanguageModes: [.v6]
)
