import LMDB

/// What a row of the daily summaries is about. Its key is the agent, the day, the operation, the model and the categories,
/// in this order, 4 bytes each.
///
/// All categories that an event has lines in stand in one key, so that an event touches one row and counts once in it,
/// whichever of its categories a report asks for.
struct DailySummaryKey: Hashable {
    /// None stands for all agents together.
    var agent: Symbol
    var day: Day
    var operation: Symbol
    /// None where the event names no model.
    var model: Symbol
    /// Ascending.
    var categories: [Symbol]

    func encode(into bytes: inout [UInt8]) {
        bytes.appendKey(agent)
        bytes.appendKey(day)
        bytes.appendKey(operation)
        bytes.appendKey(model)
        for category in categories { bytes.appendKey(category) }
    }

    /// Where the rows of `agent` from `day` on begin.
    static func prefix(agent: Symbol, day: Day) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendKey(agent)
        bytes.appendKey(day)
        return bytes
    }

    init(agent: Symbol, day: Day, operation: Symbol, model: Symbol, categories: [Symbol]) {
        self.agent = agent
        self.day = day
        self.operation = operation
        self.model = model
        self.categories = categories
    }

    /// A key to read others into.
    init() {
        self.init(agent: .none, day: .earliest, operation: .none, model: .none, categories: [])
    }

    /// Reads a stored key into the room that this one has.
    mutating func read(_ bytes: RawSpan) throws(LMDBError) {
        try bytes.require(bytes.byteCount >= 20 && bytes.byteCount % 4 == 0, of: "daily summaries")
        agent = bytes.keySymbol(at: 0)
        day = try bytes.keyDay(at: 4, of: "daily summaries")
        operation = bytes.keySymbol(at: 8)
        model = bytes.keySymbol(at: 12)
        categories.removeAll(keepingCapacity: true)
        var offset = 16
        while offset < bytes.byteCount {
            categories.append(bytes.keySymbol(at: offset))
            offset += 4
        }
    }
}

/// Quantity and cost of one category.
struct CategorySum: Hashable, Sendable {
    /// Millionths of a unit.
    var quantity: Int128 = 0
    /// Picodollars.
    var cost: Int128 = 0
    /// The part of `quantity` that has no price, in millionths of a unit.
    var unpricedQuantity: Int128 = 0

    static func += (left: inout CategorySum, right: CategorySum) {
        left.quantity += right.quantity
        left.cost += right.cost
        left.unpricedQuantity += right.unpricedQuantity
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.appendWideSignedVarint(quantity)
        bytes.appendWideSignedVarint(cost)
        bytes.appendWideSignedVarint(unpricedQuantity)
    }
}

extension CategorySum {
    init(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) {
        quantity = try bytes.readSum(&position)
        cost = try bytes.readSum(&position)
        unpricedQuantity = try bytes.readSum(&position)
    }
}

/// The sums of a row: the events, and for each of the key's categories quantity and cost.
///
/// A stored row is never all zero; one that becomes so is removed.
struct DailySummaryRow: Hashable {
    var events = 0
    /// In the order of the key's categories.
    var sums: [CategorySum]

    var isZero: Bool { events == 0 && sums.allSatisfy { $0 == CategorySum() } }

    func encode(into bytes: inout [UInt8]) {
        bytes.appendSignedVarint(Int64(events))
        for sum in sums { sum.encode(into: &bytes) }
    }

    /// Writes what is `stored`, if anything, with more events and sums added to it.
    ///
    /// - Returns: false for a row that would be all zero.
    static func encode(
        events: Int, sums: ArraySlice<CategorySum>, addedTo stored: RawSpan?, into bytes: inout [UInt8]
    ) throws(LMDBError) -> Bool {
        do throws(CodecFailure) {
            var position = 0
            let total = events + (try stored?.readCount(&position) ?? 0)
            var isZero = total == 0
            bytes.appendSignedVarint(Int64(total))
            for added in sums {
                var sum = added
                if let stored { sum += try CategorySum(stored, &position) }
                if sum != CategorySum() { isZero = false }
                sum.encode(into: &bytes)
            }
            guard position == stored?.byteCount ?? 0 else { throw .trailingBytes }
            return !isZero
        } catch {
            throw LMDBError(code: .damaged, operation: "read a row of daily summaries")
        }
    }

    init(events: Int = 0, sums: [CategorySum]) {
        self.events = events
        self.sums = sums
    }

    /// Reads a stored row of so many categories into the room that this one has.
    mutating func read(_ bytes: RawSpan, categoryCount: Int) throws(LMDBError) {
        do throws(CodecFailure) {
            var position = 0
            events = try bytes.readCount(&position)
            sums.removeAll(keepingCapacity: true)
            for _ in 0..<categoryCount { sums.append(try CategorySum(bytes, &position)) }
            guard position == bytes.byteCount else { throw .trailingBytes }
        } catch {
            throw LMDBError(code: .damaged, operation: "read a row of daily summaries")
        }
    }
}
