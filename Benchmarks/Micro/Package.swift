// swift-tools-version: 6.3
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

// A package of its own: the plugin's tools would add more than a minute to every build of the one beside it.
let package = Package(
    name: "micro-benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "usage-ledger", path: "../.."),
        // Measures, and compares with thresholds. Without its traits, which replace malloc and the Swift runtime's hooks.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "Engine",
            dependencies: [
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "UsageLedger", package: "usage-ledger"),
            ],
            // The plugin takes targets that lie in a folder named Benchmarks.
            path: ".",
            exclude: ["Thresholds"],
            sources: ["Sources"],
            swiftSettings: strict,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        )
    ]
)
