import Histogram
import UsageLedger

/// What a run found.
struct Measurements {
    struct Latency {
        var p50Microseconds: Double
        var p99Microseconds: Double
        var p999Microseconds: Double

        init(_ histogram: Histogram<UInt64>) {
            func microseconds(_ percentile: Double) -> Double {
                Double(histogram.valueAtPercentile(percentile)) / 1000
            }
            p50Microseconds = microseconds(50)
            p99Microseconds = microseconds(99)
            p999Microseconds = microseconds(99.9)
        }
    }

    struct Fold {
        var seconds: Double
        var eventsPerSecond: Double
    }

    /// Events each second, slice by slice.
    var ledgerSlices: [Double] = []
    var rawSlices: [Double] = []
    var sqliteSlices: [Double] = []
    var single: Latency?
    var bareCommit: Latency?
    var concurrentTasks = 0
    var concurrentEventsPerSecond = 0.0
    var overview: Latency?
    var monthByDay: Latency?
    var replay: Fold?
    var verify: Fold?
    var openMilliseconds = 0.0
    var sizes: [(part: String, bytes: Int)] = []
    var peakMegabytes = 0
    var events = 0

    /// The middle of the ratios of slices that were taken in turn, which a disturbance of one of them does not move.
    private static func ratio(_ these: [Double], to those: [Double]) -> Double? {
        let ratios = zip(these, those).map { $0 / $1 }.sorted()
        return ratios.isEmpty ? nil : ratios[ratios.count / 2]
    }

    private static func middle(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }

    var eventsPerSecond: Double {
        // Slices are equally long, so that the whole is their harmonic mean.
        Double(ledgerSlices.count) / ledgerSlices.reduce(0) { $0 + 1 / $1 }
    }

    var ratioToRawLMDB: Double? { Self.ratio(ledgerSlices, to: rawSlices) }
    var ratioToSQLite: Double? { Self.ratio(ledgerSlices, to: sqliteSlices) }
    var lastTenthOverFirstTenth: Double? {
        guard ledgerSlices.count >= 10 else { return nil }
        let tenth = ledgerSlices.count / 10
        return Self.middle(Array(ledgerSlices.suffix(tenth))) / Self.middle(Array(ledgerSlices.prefix(tenth)))
    }
    var ratioToBareCommit: Double? {
        guard let single, let bareCommit else { return nil }
        return single.p50Microseconds / bareCommit.p50Microseconds
    }

    func bytesPerEvent(_ part: String) -> Double {
        Double(sizes.filter { $0.part == part }.reduce(0) { $0 + $1.bytes }) / Double(max(events, 1))
    }

    var bytesPerEvent: Double { Double(sizes.reduce(0) { $0 + $1.bytes }) / Double(max(events, 1)) }
}

extension Double {
    /// With so many digits behind the point, as JSON and tables have it.
    func text(_ digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = (self * scale).rounded()
        guard scaled.isFinite else { return "0" }
        let whole = Int(scaled)
        guard digits > 0 else { return String(whole) }
        let fraction = String(abs(whole) % Int(scale))
        let sign = whole < 0 ? "-" : ""
        return "\(sign)\(abs(whole) / Int(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
