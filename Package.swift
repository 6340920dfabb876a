// swift-tools-version: 6.3
import PackageDescription

/// What every target of ours is built with: language mode 6 with its upcoming checks, and no warning let through.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "usage-ledger",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "UsageLedger", targets: ["UsageLedger"]),
        .executable(name: "usage-ledger", targets: ["usage-ledger"]),
        .library(name: "UsageLedgerClient", targets: ["UsageLedgerClient"]),
        .executable(name: "usage-ledger-server", targets: ["usage-ledger-server"]),
    ],
    dependencies: [
        // The command line: parsing, help, shell completions.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // The library reports through its host's logger and metrics, whatever these are.
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        // The service, from here on; neither the engine nor the command line depends on any of these.
        // Routes, requests and responses over SwiftNIO, with their test doubles. Without its own reading of
        // configuration: the service's flags are its own.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        // Starting and stopping in order, and on SIGTERM.
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        // Settings from flags, the environment and a file, by one name.
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0",
            traits: ["JSON", "CommandLineArguments"]),
        // The bytes of bodies and the event loops' settings; Hummingbird speaks them.
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        // TLS from certificate files.
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        // gzip in request bodies.
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        // Methods, header names and statuses, as Hummingbird has them in its signatures.
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        // Salted hashes of keys, signatures of webhooks.
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        // Tokens of an identity provider.
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        // The page's HTML, from templates that escape what they are given.
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        // Delivers webhooks, and carries the Swift client.
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"]), .brew(["lmdb"])]),
        // The processor's own instructions for the log's checksums, which Swift has no names for.
        .target(name: "CChecksum"),
        .target(name: "LMDB", dependencies: ["CLMDB", "CChecksum"], swiftSettings: strict + [.strictMemorySafety()]),
        .target(
            name: "UsageLedger",
            dependencies: [
                "LMDB",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            // In the binary itself, so that a copied executable has its prices with it.
            resources: [.embedInCode("Pricing/Cards/default.json")],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "usage-ledger",
            dependencies: [
                "UsageLedger",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "UsageLedgerServer",
            dependencies: [
                "UsageLedger", "LMDB",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            // In the binary itself, so that a copied executable has its page with it.
            resources: [
                .embedInCode("Page/Templates"), .embedInCode("Page/Assets"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "usage-ledger-server",
            dependencies: [
                "UsageLedgerServer", "UsageLedger",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "UsageLedgerClient",
            dependencies: [
                "UsageLedger",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        // Campaigns against a ledger, and the processes that they and the crash tests kill.
        .executableTarget(
            name: "ledger-campaign", dependencies: ["UsageLedger"], path: "Tests/Support/ledger-campaign",
            // Compiled by the campaigns, and loaded before the libraries of their children.
            resources: [.embedInCode("Faults/faults.c"), .embedInCode("write-recorder.c.txt")],
            swiftSettings: strict),
        .testTarget(name: "LMDBTests", dependencies: ["LMDB"], swiftSettings: strict),
        .testTarget(
            name: "UsageLedgerTests",
            dependencies: [
                "UsageLedger", "LMDB", "ledger-campaign",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "UsageLedgerCommandTests",
            dependencies: ["UsageLedger", "usage-ledger"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "UsageLedgerServerTests",
            dependencies: [
                "UsageLedgerServer", "UsageLedger", "usage-ledger-server", "usage-ledger", "UsageLedgerClient",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: [
                "Clients/schemathesis.toml", "Clients/schemathesis_rules.py", "Page/browser.py", "Page/look.py",
            ],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
