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
    ],
    dependencies: [
        // The command line: parsing, help, shell completions.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // The library reports through its host's logger and metrics, whatever these are.
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
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
        // A process that the crash tests kill, and that reads beside a writer.
        .executableTarget(
            name: "ledger-crash-child", dependencies: ["UsageLedger"], path: "Tests/Support/ledger-crash-child",
            swiftSettings: strict),
        .testTarget(name: "LMDBTests", dependencies: ["LMDB"], swiftSettings: strict),
        .testTarget(
            name: "UsageLedgerTests",
            dependencies: [
                "UsageLedger", "LMDB", "ledger-crash-child",
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
    ],
    swiftLanguageModes: [.v6]
)
