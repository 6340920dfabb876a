/// Daily summaries folded since the checkpoint, in flat arrays: one hash look-up an event, no allocation for a known row.
struct DailySummaryDelta {
    /// What a row is about, and where it continues.
    struct Row {
        var agent: Symbol
        var day: Day
        var operation: Symbol
        var model: Symbol
        /// Which set of categories: a number within this delta.
        var shape: Int32
        /// The next older row of the same agent, or -1.
        fileprivate var nextOfAgent: Int32
        /// Where the row's sums begin.
        fileprivate var firstSum: Int32
        fileprivate(set) var events: Int64
    }

    private(set) var rows: [Row] = []
    private var sums: [CategorySum] = []
    private var rowSlots = HashSlots()
    /// The newest row of each agent.
    private var newestRow = SymbolSlots()

    /// Where the categories of each set begin in `shapeCategories`; each set once, and the end.
    private var shapeStarts: [Int] = [0]
    private var shapeCategories: [Symbol] = []
    private var shapeSlots = HashSlots()

    /// - Complexity: O(lines) expected for each movement.
    mutating func fold(_ batch: UsageBatch) {
        let lines = batch.lines
        for movement in batch.movements {
            let range = movement.lineRange
            let shape = shape(of: range, in: lines)
            let row = row(
                agent: movement.agent, day: movement.day, operation: movement.operation, model: movement.model,
                shape: shape)
            let sign = Int64(movement.sign)
            rows[row].events += sign
            var place = Int(rows[row].firstSum)
            for index in range {
                // Within 64 bits: a line's quantity and cost are held to 63.
                sums[place].quantity += Int128(sign &* lines[index].quantity)
                sums[place].cost += Int128(sign &* lines[index].cost)
                if !lines[index].isPriced { sums[place].unpricedQuantity += Int128(sign &* lines[index].quantity) }
                place += 1
            }
        }
    }

    /// The rows of `other`, all agents together.
    mutating func foldAllAgents(of other: DailySummaryDelta) {
        var shapes: [Int32] = []
        for shape in 0..<other.shapeStarts.count - 1 {
            let categories = other.shapeCategories[other.shapeStarts[shape]..<other.shapeStarts[shape + 1]]
            shapes.append(self.shape(Array(categories)))
        }
        for row in other.rows {
            let place = self.row(
                agent: .none, day: row.day, operation: row.operation, model: row.model,
                shape: shapes[Int(row.shape)])
            rows[place].events += row.events
            let (mine, theirs) = (Int(rows[place].firstSum), Int(row.firstSum))
            for index in 0..<other.categoryCount(of: row) { sums[mine + index] += other.sums[theirs + index] }
        }
    }

    // MARK: Finding rows

    private mutating func shape(of range: Range<Int>, in lines: [UsageBatch.Line]) -> Int32 {
        var hash: UInt64 = 0
        for index in range { hash = (hash ^ UInt64(lines[index].category.rawValue)) &* 0x9E37_79B9_7F4A_7C15 }
        hash = Hash64.mix(hash)
        let known = shapeSlots.find(hash) { candidate in
            var place = shapeStarts[candidate]
            guard shapeStarts[candidate + 1] - place == range.count else { return false }
            for index in range {
                if shapeCategories[place] != lines[index].category { return false }
                place += 1
            }
            return true
        }
        if let known { return Int32(known) }
        for index in range { shapeCategories.append(lines[index].category) }
        shapeStarts.append(shapeCategories.count)
        shapeSlots.insert(hash, row: shapeStarts.count - 2)
        return Int32(shapeStarts.count - 2)
    }

    /// The number of a set of categories.
    private mutating func shape(_ categories: [Symbol]) -> Int32 {
        let lines = categories.map { UsageBatch.Line(category: $0, quantity: 0, cost: 0, isPriced: true) }
        return shape(of: lines.indices, in: lines)
    }

    private mutating func row(agent: Symbol, day: Day, operation: Symbol, model: Symbol, shape: Int32) -> Int {
        var hash = UInt64(agent.rawValue) << 32 | UInt64(UInt32(bitPattern: day.daysSinceEpoch))
        hash = Hash64.mix(hash) ^ (UInt64(operation.rawValue) << 32 | UInt64(model.rawValue))
        hash = Hash64.mix(hash &+ UInt64(UInt32(bitPattern: shape)) &* 0x9E37_79B9_7F4A_7C15)
        let known = rowSlots.find(hash) { candidate in
            let row = rows[candidate]
            return row.agent == agent && row.day == day && row.operation == operation && row.model == model
                && row.shape == shape
        }
        if let known { return known }
        let index = rows.count
        let former = newestRow.updateValue(Int32(index), forKey: agent)
        rows.append(
            Row(
                agent: agent, day: day, operation: operation, model: model, shape: shape,
                nextOfAgent: former ?? -1, firstSum: Int32(sums.count), events: 0))
        for _ in 0..<shapeStarts[Int(shape) + 1] - shapeStarts[Int(shape)] { sums.append(CategorySum()) }
        rowSlots.insert(hash, row: index)
        return index
    }

    // MARK: Reading rows

    private func categoryRange(of row: Row) -> Range<Int> {
        shapeStarts[Int(row.shape)]..<shapeStarts[Int(row.shape) + 1]
    }

    private func categoryCount(of row: Row) -> Int { categoryRange(of: row).count }

    /// The sums of a row, in the order of its categories.
    func sums(of row: Row) -> ArraySlice<CategorySum> {
        sums[Int(row.firstSum)..<Int(row.firstSum) + categoryCount(of: row)]
    }

    func encodeKey(of row: Row, into bytes: inout [UInt8]) {
        bytes.appendKey(row.agent)
        bytes.appendKey(row.day)
        bytes.appendKey(row.operation)
        bytes.appendKey(row.model)
        for place in categoryRange(of: row) { bytes.appendKey(shapeCategories[place]) }
    }

    /// The places of all rows, in the order of their keys.
    ///
    /// - Complexity: O(n log n).
    func order() -> [Int32] {
        let shapes = (0..<shapeStarts.count - 1).sorted { left, right in
            shapeCategories[shapeStarts[left]..<shapeStarts[left + 1]].lexicographicallyPrecedes(
                shapeCategories[shapeStarts[right]..<shapeStarts[right + 1]])
        }
        var ranks = [Int32](repeating: 0, count: shapes.count)
        for (rank, shape) in shapes.enumerated() { ranks[shape] = Int32(rank) }
        return rows.indices.map { SortKey(rows[$0], rank: ranks[Int(rows[$0].shape)], place: Int32($0)) }
            .sorted { $0 < $1 }.map(\.place)
    }

    /// The order of a row's key, in numbers.
    private struct SortKey: Comparable {
        var high: UInt64
        var low: UInt64
        var rank: Int32
        var place: Int32

        init(_ row: Row, rank: Int32, place: Int32) {
            high = UInt64(row.agent.rawValue) << 32 | UInt64(UInt32(bitPattern: row.day.daysSinceEpoch) ^ 0x8000_0000)
            low = UInt64(row.operation.rawValue) << 32 | UInt64(row.model.rawValue)
            self.rank = rank
            self.place = place
        }

        static func < (left: SortKey, right: SortKey) -> Bool {
            if left.high != right.high { return left.high < right.high }
            if left.low != right.low { return left.low < right.low }
            return left.rank < right.rank
        }
    }

    /// The rows of one agent alone.
    ///
    /// - Complexity: O(rows of the agent).
    func part(of agent: Symbol) -> DailySummaryDelta {
        var part = DailySummaryDelta()
        var next = newestRow[agent] ?? -1
        guard next >= 0 else { return part }
        part.shapeStarts = shapeStarts
        part.shapeCategories = shapeCategories
        while next >= 0 {
            var row = rows[Int(next)]
            next = row.nextOfAgent
            let sums = sums(of: row)
            row.firstSum = Int32(part.sums.count)
            part.sums.append(contentsOf: sums)
            part.rows.append(row)
        }
        return part
    }

    /// Puts a row into the place of what `key` and `row` say, in the room that they have.
    func read(_ source: Row, into key: inout DailySummaryKey, _ row: inout DailySummaryRow) {
        key.agent = source.agent
        key.day = source.day
        key.operation = source.operation
        key.model = source.model
        key.categories.removeAll(keepingCapacity: true)
        key.categories.append(contentsOf: shapeCategories[categoryRange(of: source)])
        row.events = Int(source.events)
        row.sums.removeAll(keepingCapacity: true)
        row.sums.append(contentsOf: sums(of: source))
    }
}
