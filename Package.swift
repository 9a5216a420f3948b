// swift-tools-version: 6.3
import PackageDescription

// Applied to every Swift target: the language's strictest mode, with warnings as errors.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// Whether crash points are compiled in, for the tests that end the program at each of them.
let hasCrashPoints = Context.environment["MONIKER_CRASH_POINTS"] == "1"

/// A Swift target with the project's settings.
///
/// Its dependencies are its layer: `make lint` fails
/// when a file imports a target that is not listed here.
func room(
    _ name: String, _ dependencies: [Target.Dependency], _ settings: [SwiftSetting] = []
) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict + settings)
}

/// A test target with the project's settings.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
/// SQLite's C interface, as GRDB links it: for binding long values without copies.
let sqliteInterface: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "moniker",
    products: [
        .executable(name: "moniker", targets: ["CommandLineTool"]),
        .library(name: "MonikerRewriting", targets: ["Rewriting", "Model"]),
        .library(
            name: "MonikerParsers",
            targets: [
                "Model", "Rewriting", "Naming", "SiteDatabase", "WordPress", "Journal", "UseCases",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.5.1"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C libraries: declarations only.
        .systemLibrary(
            name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(
            name: "CMariaDB", pkgConfig: "libmariadb", providers: [.apt(["libmariadb-dev"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .target(name: "CLinux"),
        // Found at run time, by the picture worker alone.
        .target(name: "CVips"),
        .target(name: "CGExiv2"),
        .target(name: "CTesseract"),
        .target(name: "CSandbox"),

        // Values and ports; pure rooms.
        room("Model", []),
        room("Patterns", ["CPCRE2"]),
        room("Rewriting", ["Model", "Patterns"]),
        room("Naming", ["Model"]),
        room("Quality", ["Model"]),

        // Where the outside begins.
        room("Hashing", ["Model", "CCrypto"]),
        room("Files", ["Model", "Hashing", "CLinux"]),
        room(
            "SiteDatabase",
            ["Model", "Hashing", "Patterns", "CLinux", "CMariaDB", grdb, sqliteInterface]),
        room("HomeStore", ["Model", grdb, sqliteInterface]),
        room("Journal", ["Model", "HomeStore", grdb, sqliteInterface]),
        room("WordPress", ["Model"]),
        room("ReferenceIndex", ["Model", "HomeStore", "Rewriting", grdb]),
        room("Secrets", []),
        room("HTTPClient", ["Model", "CCurl"]),
        room("Providers", ["Model", "HTTPClient", "Secrets"]),
        room(
            "Imaging", ["Model", "CLinux", "CVips", "CGExiv2", "CTesseract", "CSandbox"]),
        room("Offline", ["Model"]),
        room("Inventory", ["Model", "HomeStore", "Rewriting", "WordPress", grdb]),
        room("RemoteSite", ["Model", "HomeStore", "HTTPClient", "Inventory", "Secrets", grdb]),

        // From pictures to judged texts and names; writes nothing to the site.
        room(
            "Generation",
            [
                "Model", "Hashing", "HomeStore", "Inventory", "WordPress", "Providers",
                "HTTPClient",
                "Imaging", "Offline", "Quality", "Naming", grdb,
            ]),

        // What is to be done, by whom, and how far it has come.
        room("Jobs", ["Model", "HomeStore", grdb]),

        // The one writer, and what people ask of it.
        room("Engine", ["Model", "Hashing", "Rewriting"]),
        room(
            "UseCases",
            [
                "Model", "Rewriting", "Naming", "Files", "SiteDatabase", "WordPress", "Journal",
                "Engine", "ReferenceIndex", "Inventory", "Quality", "HTTPClient", "Providers",
                "Generation", "Imaging", "Jobs", "RemoteSite", "Hashing",
            ] + (hasCrashPoints ? ["CrashPoints"] : []),
            hasCrashPoints ? [.define("CRASH_POINTS")] : []),

        // Who may ask, and the service that answers; nothing else imports the web framework.
        room("Access", ["Model", "Hashing", "HomeStore", "CSodium", grdb]),
        // The pages of the dashboard from values; knows neither HTTP nor a database.
        .target(
            name: "Dashboard",
            dependencies: [
                "Hashing", "Model", .product(name: "Mustache", package: "swift-mustache"),
            ], resources: [.embedInCode("Assets"), .embedInCode("Templates")],
            swiftSettings: strict),
        .target(
            name: "WebAPI",
            dependencies: [
                "Access", "Dashboard", "Generation", "Hashing", "HomeStore", "Inventory", "Jobs",
                "Model",
                "UseCases", grdb,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], resources: [.embedInCode("OpenAPI/openapi.json")], swiftSettings: strict),
        .executableTarget(
            name: "CommandLineTool",
            dependencies: [
                "Access", "CLinux", "Generation", "Imaging", "Jobs", "Model", "UseCases", "WebAPI",
                argumentParser,
            ],
            swiftSettings: strict),

        // Tests mirror the rooms.
        .target(
            name: "TestSupport", dependencies: ["Model"], path: "Tests/TestSupport",
            swiftSettings: strict),
        .target(
            name: "CrashPoints", dependencies: ["CLinux", "Files", "Model"],
            path: "Tests/CrashPoints", swiftSettings: strict),
        .target(
            name: "CrashModel",
            dependencies: [
                "CLinux", "CrashPoints", "Engine", "Files", "Hashing", "Model", "Rewriting",
            ],
            path: "Tests/CrashModel", exclude: ["Mutants"], swiftSettings: strict),
        .executableTarget(
            name: "crash-model", dependencies: ["CrashModel", "CrashPoints", "Model"],
            path: "Tests/CrashModelTool", swiftSettings: strict),
        tests("ModelTests", ["Model", "TestSupport"]),
        tests(
            "RewritingTests", ["Rewriting", "Patterns", "Model", "TestSupport"],
            exclude: ["Oracle"]),
        tests("FilesTests", ["Files", "CLinux", "CrashPoints", "Model", "Hashing", "TestSupport"]),
        tests("HomeStoreTests", ["HomeStore", "Model", grdb]),
        tests("JobsTests", ["Jobs", "Model", "TestSupport"]),
        tests("JournalTests", ["Journal", "Model", grdb]),
        tests("NamingTests", ["Naming", "Model", "TestSupport"]),
        tests("QualityTests", ["Quality", "Model", "TestSupport"]),
        tests("SiteDatabaseTests", ["SiteDatabase", "Model", "Hashing", "TestSupport"]),
        tests(
            "WordPressTests", ["WordPress", "SiteDatabase", "Files", "Model", "TestSupport"]),
        tests(
            "EngineTests",
            ["Engine", "Files", "Journal", "Model", "Rewriting", "SiteDatabase", "TestSupport"]),
        tests(
            "ReferenceIndexTests",
            [
                "ReferenceIndex", "Files", "Hashing", "Model", "Rewriting", "SiteDatabase",
                "TestSupport",
            ]),
        tests(
            "InventoryTests",
            [
                "Inventory", "Files", "Model", "Rewriting", "SiteDatabase", "UseCases",
                "WordPress", "TestSupport",
            ]),
        tests(
            "RemoteSiteTests", ["RemoteSite", "HTTPClient", "Inventory", "Model", grdb],
            exclude: ["Scripts"]),
        tests("SecretsTests", ["Secrets"]),
        tests("CrashModelTests", ["CrashModel", "CrashPoints", "TestSupport"]),
        .target(
            name: "ProviderStub", dependencies: ["HTTPClient"], path: "Tests/StubServer",
            exclude: ["answers.py", "formats.py", "jpeg.py", "stub.py"], swiftSettings: strict),
        tests(
            "ProvidersTests", ["Providers", "HTTPClient", "Model", "ProviderStub", "TestSupport"]),
        .executableTarget(
            name: "picture-worker", dependencies: ["Imaging"], path: "Tests/PictureWorkerTool",
            swiftSettings: strict),
        tests("ImagingTests", ["Imaging", "CSandbox", "Model", "TestSupport", "picture-worker"]),
        tests("OfflineTests", ["Offline", "Model", "TestSupport"]),
        .executableTarget(
            name: "generation-tool",
            dependencies: [
                "Generation", "HTTPClient", "Imaging", "Inventory", "Files", "Model", "Providers",
                "Rewriting", "SiteDatabase", "WordPress",
            ], path: "Tests/GenerationTool", swiftSettings: strict),
        tests(
            "GenerationTests",
            [
                "generation-tool",
                "Generation", "HomeStore", "HTTPClient", "Imaging", "Inventory", "Files", "Hashing",
                "Model", "Naming", "Offline", "Providers", "Quality", "Rewriting", "SiteDatabase",
                "WordPress", "ProviderStub", "TestSupport", grdb,
            ]),
        tests("AccessTests", ["Access", "Model", grdb]),
        tests("DashboardTests", ["Dashboard"], exclude: ["Oracle"]),
        tests(
            "WebAPITests",
            [
                "WebAPI", "Access", "Jobs", "Model", "UseCases",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
            ], exclude: ["Oracle"]),
        tests(
            "EndToEndTests",
            [
                "Access", "Inventory", "Files", "Model", "Rewriting", "SiteDatabase", "UseCases",
                "WordPress", "TestSupport",
            ]),
    ],
    swiftLanguageModes: [.v6]
)
