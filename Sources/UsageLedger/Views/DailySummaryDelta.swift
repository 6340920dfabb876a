/// Daily summaries folded since the checkpoint, in flat arrays: one hash look-up an event, no allocation for a known row.
struct DailySummaryDelta {
    private struct Row {
        var agent: Symbol
        var day: Day
        var operation: Symbol
        var model: Symbol
        /// Which set of categories: a number within this delta.
        var shape: Int32
        /// The next older row of the same agent, or -1.
        var nextOfAgent: Int32
        var events: Int
        /// Where the row's sums begin.
        var firstSum: Int
    }

    private var rows: [Row] = []
    private var sums: [CategorySum] = []
    private var rowSlots = HashSlots()
    /// The newest row of each agent.
    private var newestRow: [Symbol: Int32] = [:]

    /// Each set of categories once: its place in `shapeCategories`.
    private var shapes: [Range<Int>] = []
    private var shapeCategories: [Symbol] = []
    private var shapeSlots = HashSlots()

    var isEmpty: Bool { rows.isEmpty }

    /// - Complexity: O(lines) expected for each movement.
    mutating func fold(_ batch: UsageBatch) {
        for movement in batch.movements {
            let shape = shape(of: movement, in: batch)
            let row = row(of: movement, shape: shape)
            let sign = Int128(movement.sign)
            rows[row].events += movement.sign
            let firstSum = rows[row].firstSum
            for (offset, index) in movement.lineRange.enumerated() {
                let line = batch.lines[index]
                let quantity = sign * Int128(line.quantity)
                sums[firstSum + offset].quantity += quantity
                sums[firstSum + offset].cost += sign * Int128(line.cost)
                if !line.isPriced { sums[firstSum + offset].unpricedQuantity += quantity }
            }
        }
    }

    private mutating func shape(of movement: UsageBatch.Movement, in batch: UsageBatch) -> Int {
        var hash: UInt64 = 0
        for index in movement.lineRange { hash = Hash64.mix(hash ^ UInt64(batch.lines[index].category.rawValue)) }
        let known = shapeSlots.find(hash) { candidate in
            let range = shapes[candidate]
            guard range.count == movement.lineCount else { return false }
            return zip(range, movement.lineRange).allSatisfy { shapeCategories[$0] == batch.lines[$1].category }
        }
        if let known { return known }
        let start = shapeCategories.count
        for index in movement.lineRange { shapeCategories.append(batch.lines[index].category) }
        shapes.append(start..<shapeCategories.count)
        shapeSlots.insert(hash, row: shapes.count - 1)
        return shapes.count - 1
    }

    private mutating func row(of movement: UsageBatch.Movement, shape: Int) -> Int {
        var hash = Hash64.mix(
            UInt64(movement.agent.rawValue) << 32 | UInt64(UInt32(bitPattern: movement.day.daysSinceEpoch)))
        hash = Hash64.mix(hash ^ (UInt64(movement.operation.rawValue) << 32 | UInt64(movement.model.rawValue)))
        hash = Hash64.mix(hash ^ UInt64(shape))
        let known = rowSlots.find(hash) { candidate in
            let row = rows[candidate]
            return row.agent == movement.agent && row.day == movement.day && row.operation == movement.operation
                && row.model == movement.model && row.shape == Int32(shape)
        }
        if let known { return known }
        let index = rows.count
        let former = newestRow.updateValue(Int32(index), forKey: movement.agent)
        rows.append(
            Row(
                agent: movement.agent, day: movement.day, operation: movement.operation, model: movement.model,
                shape: Int32(shape), nextOfAgent: former ?? -1, events: 0, firstSum: sums.count))
        for _ in 0..<movement.lineCount { sums.append(CategorySum()) }
        rowSlots.insert(hash, row: index)
        return index
    }

    /// The rows of one agent.
    ///
    /// - Complexity: O(rows of the agent).
    func rows(of agent: Symbol) -> [(key: DailySummaryKey, row: DailySummaryRow)] {
        var result: [(key: DailySummaryKey, row: DailySummaryRow)] = []
        var next = newestRow[agent] ?? -1
        while next >= 0 {
            result.append(materialized(Int(next)))
            next = rows[Int(next)].nextOfAgent
        }
        return result
    }

    /// All rows, in no particular order.
    func allRows() -> [(key: DailySummaryKey, row: DailySummaryRow)] { rows.indices.map(materialized) }

    private func materialized(_ index: Int) -> (key: DailySummaryKey, row: DailySummaryRow) {
        let row = rows[index]
        let categories = shapes[Int(row.shape)]
        return (
            DailySummaryKey(
                agent: row.agent, day: row.day, operation: row.operation, model: row.model,
                categories: Array(shapeCategories[categories])),
            DailySummaryRow(events: row.events, sums: Array(sums[row.firstSum..<row.firstSum + categories.count]))
        )
    }
}
