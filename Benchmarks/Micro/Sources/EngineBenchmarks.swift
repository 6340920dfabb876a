import Benchmark

let benchmarks: @Sendable () -> Void = {
    // Instructions hardly depend on what else the machine does, but virtual machines seldom count them. Times are allowed
    // to be twice what the thresholds say before that is called slower; less is never a fault.
    Benchmark.defaultConfiguration = Benchmark.Configuration(
        metrics: [.wallClock, .instructions], warmupIterations: 1, maxDuration: .seconds(2),
        maxIterations: 1000,
        thresholds: [
            .wallClock: BenchmarkThresholds(relative: [.p50: 100, .p90: 100]),
            .instructions: BenchmarkThresholds(relative: [.p50: 10, .p90: 10]),
        ])
    priceBenchmarks()
    logBenchmarks()
    idBenchmarks()
}
