import Histogram

/// Percentiles of how long something took.
struct Latency {
    var count: Int
    var p50Microseconds: Double
    var p99Microseconds: Double
    var p999Microseconds: Double
    var maximumMicroseconds: Double

    /// - Parameter histogram: of nanoseconds.
    init(_ histogram: Histogram<UInt64>) {
        func microseconds(_ percentile: Double) -> Double {
            Double(histogram.valueAtPercentile(percentile)) / 1000
        }
        count = Int(histogram.totalCount)
        p50Microseconds = microseconds(50)
        p99Microseconds = microseconds(99)
        p999Microseconds = microseconds(99.9)
        maximumMicroseconds = Double(histogram.maxRecorded) / 1000
    }
}
