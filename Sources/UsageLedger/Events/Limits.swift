/// The limits that keep one caller's mistake from becoming everybody's trouble. Sizes in bytes of UTF-8.
public enum Limits {
    /// Agents, operations, categories, providers, models and every other name: 1 to 128 bytes, no control characters.
    public static let nameBytes = 1...128
    /// An event's id: 1 to 128 bytes, no control characters.
    public static let eventIDBytes = 1...128
    /// Usage lines of one event.
    public static let linesPerEvent = 1...32
    /// Context values of one event.
    public static let contextEntriesPerEvent = 0...16
    /// An event's metadata: a JSON object of at most 16 KiB in canonical form.
    public static let metadataBytes = 16 * 1024
    /// How deep objects and arrays may lie within each other in metadata.
    public static let metadataDepth = 16
    /// The reason of an adjustment: 1 to 1,024 bytes.
    public static let reasonBytes = 1...1024
    /// The earliest time an event may have: 2000-01-01T00:00:00Z.
    public static let earliestTime = Timestamp(secondsSinceEpoch: 946_684_800)
    /// How far ahead of the ledger's clock an event's time may lie: one day.
    public static let futureSeconds: Int64 = 86_400
    /// Events of one call to `record`.
    public static let eventsPerBatch = 1...1_000_000
    /// The amount of a budget: more than zero, at most 1e15 currency units.
    public static let largestBudget = Money(picodollars: 1_000_000_000_000_000_000_000_000_000)
    /// Thresholds of a budget, in percent of its amount: 1 to 1,000.
    public static let thresholdPercent = 1...1000
    /// Model patterns of one rate or provider.
    public static let patternsPerRate = 256
    /// A regular expression: 1 to 256 bytes.
    public static let patternBytes = 256
    /// Steps of a tiered price.
    public static let stepsPerPrice = 1...32
    /// A rate's priority among equally specific ones.
    public static let ratePriority = -1000...1000
    /// When a rate may begin or end: from 1970 to 2199.
    public static let rateTimes =
        Timestamp(secondsSinceEpoch: 0)...Timestamp(secondsSinceEpoch: 7_258_118_399)
    /// A price sheet: 64 MiB.
    public static let rateSheetBytes = 64 << 20
    /// All patterns of one rate or provider together: 16 KiB.
    public static let patternBytesPerRate = 16 * 1024
}
