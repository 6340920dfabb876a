import Benchmark
@_spi(Benchmarks) import UsageLedger

/// The index of ids, asked for a batch of a thousand at a time: ids that lie in sealed runs, and ids that it does not know.
func idBenchmarks() {
    let events = 200_000
    let batch = 1000
    for (name, offset) in [("sealed", 0), ("unknown", events)] {
        let ids = (0..<batch).map { ScratchLedger.id(offset + $0 * (events / batch)) }
        Benchmark("look-up-1000-\(name)-ids") { benchmark, scratch in
            blackHole(try scratch.bench.candidates(of: ids))
        } setup: {
            let scratch = try await ScratchLedger(events: events, flushEntries: 10_000)
            let found = try scratch.bench.candidates(of: ids)
            precondition(found == (offset == 0 ? batch : 0), "\(found) of \(batch) \(name) ids are found")
            return scratch
        }
    }
}
