import Benchmark
@_spi(Benchmarks) import UsageLedger

/// The segments of 50,000 events: decoded, encoded, and folded into all views.
func logBenchmarks() {
    let events = 50_000
    Benchmark("decode-segments-of-50000-events") { benchmark, scratch in
        blackHole(try scratch.bench.decoded())
    } setup: {
        try await ScratchLedger(events: events)
    }

    Benchmark("encode-segments-of-50000-events") { benchmark, scratch in
        let decoded = try scratch.bench.decoded()
        benchmark.startMeasurement()
        let byteCount = scratch.bench.encodedByteCount(decoded)
        benchmark.stopMeasurement()
        precondition(byteCount == scratch.bench.byteCount, "what is encoded is what was decoded")
    } setup: {
        try await ScratchLedger(events: events)
    }

    Benchmark("fold-segments-of-50000-events") { benchmark, scratch in
        let views = try Workbench.Views()
        benchmark.startMeasurement()
        let folded = try views.fold(scratch.bench)
        benchmark.stopMeasurement()
        precondition(folded == UInt64(events), "every event is folded")
    } setup: {
        try await ScratchLedger(events: events)
    }
}
