import UsageLedger

/// Takes a work-load's events in their order, and notes how long making them took: that is never part of what is measured.
struct EventSource {
    let load: WorkLoad
    /// Of the next event.
    private(set) var index: UInt64 = 0
    private(set) var seconds = 0.0

    init(_ load: WorkLoad) {
        self.load = load
    }

    /// How many events a second were made.
    var eventsPerSecond: Double? { seconds > 0 ? Double(index) / seconds : nil }

    mutating func next() -> UsageEvent {
        defer { index += 1 }
        return load.event(at: index)
    }

    mutating func batch(_ count: Int) -> [UsageEvent] { (0..<count).map { _ in next() } }

    /// Several batches, made at the same time.
    mutating func batches(_ count: Int, of size: Int) async -> [[UsageEvent]] {
        let started = ContinuousClock.now
        let (load, start) = (load, index)
        let batches = await withTaskGroup(of: (Int, [UsageEvent]).self) { group in
            for number in 0..<count {
                group.addTask {
                    let first = start + UInt64(number * size)
                    return (number, (first..<first + UInt64(size)).map { load.event(at: $0) })
                }
            }
            var batches = [[UsageEvent]](repeating: [], count: count)
            for await (number, batch) in group { batches[number] = batch }
            return batches
        }
        index += UInt64(count * size)
        seconds += (ContinuousClock.now - started).seconds
        return batches
    }
}
