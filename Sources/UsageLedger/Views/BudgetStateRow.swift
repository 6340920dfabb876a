import LMDB

/// (budget, first day of the period).
struct BudgetStateKey: TableKey {
    var budget: BudgetIdentity
    var periodStart: Day

    init(_ budget: BudgetIdentity, containing day: Day) {
        self.budget = budget
        periodStart = budget.period.calendarPeriod.start(containing: day)
    }

    static func < (left: BudgetStateKey, right: BudgetStateKey) -> Bool {
        (left.budget, left.periodStart) < (right.budget, right.periodStart)
    }

    func encode(into bytes: inout [UInt8]) {
        budget.encode(into: &bytes)
        bytes.appendKey(periodStart)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        try bytes.require(bytes.byteCount == BudgetIdentity.keyByteCount + 4, of: "budget states")
        budget = try BudgetIdentity(bytes, at: 0)
        periodStart = try bytes.keyDay(at: BudgetIdentity.keyByteCount, of: "budget states")
    }
}

/// What was spent of a budget in a period, and what became of its thresholds.
struct BudgetStateRow: TableValue {
    /// The entry that set the budget as the crossings below saw it.
    var revision: SequenceNumber
    /// Picodollars.
    var spent: Int128
    /// Thresholds that spending stands at or above.
    private var crossed: [AlertThreshold] = []
    /// When each threshold last fired.
    private var lastFired: [AlertThreshold: Timestamp] = [:]

    init(revision: SequenceNumber, spent: Int128) {
        self.revision = revision
        self.spent = spent
    }

    /// Begins anew under another revision of the budget. Silently: what was reached before counts as crossed.
    mutating func adopt(_ budget: DeclaredBudget, silently: Bool) {
        revision = budget.sequenceNumber
        lastFired = [:]
        crossed = silently ? AlertThreshold.allCases.filter { budget.record.isReached($0, spent: spent) } : []
    }

    /// Brings the crossings in line with what was spent, and returns the thresholds that fire, lowest first.
    mutating func update(_ budget: BudgetRecord, at time: Timestamp) -> [AlertThreshold] {
        var fired: [AlertThreshold] = []
        for threshold in AlertThreshold.allCases {
            let isReached = budget.isReached(threshold, spent: spent)
            if isReached, !crossed.contains(threshold) {
                crossed.append(threshold)
                if let last = lastFired[threshold], time < last.adding(seconds: BudgetView.cooldownSeconds) { continue }
                lastFired[threshold] = time
                fired.append(threshold)
            } else if !isReached {
                crossed.removeAll { $0 == threshold }
            }
        }
        return fired
    }

    /// The amounts spent that cross no threshold after ``update(_:at:)``: between the highest one reached and the next.
    func quietRange(_ budget: BudgetRecord) -> Range<Int128> {
        var range = Int128.min..<Int128.max
        for threshold in AlertThreshold.allCases {
            let least = budget.least(reaching: threshold)
            if spent >= least {
                range = max(range.lowerBound, least)..<range.upperBound
            } else {
                range = range.lowerBound..<min(range.upperBound, least)
            }
        }
        return range
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.appendVarint(revision.rawValue)
        bytes.appendWideSignedVarint(spent)
        var flags: UInt8 = 0
        for threshold in crossed { flags |= 1 << (threshold.code - 1) }
        for threshold in lastFired.keys { flags |= 8 << (threshold.code - 1) }
        bytes.append(flags)
        for threshold in AlertThreshold.allCases {
            if let time = lastFired[threshold] { bytes.appendSignedVarint(time.nanosecondsSinceEpoch) }
        }
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        self = try bytes.decodeRow("budget states") { (bytes, position) throws(CodecFailure) in
            let revision = SequenceNumber(try bytes.readVarint(&position))
            var row = BudgetStateRow(revision: revision, spent: try bytes.readSum(&position))
            let flags = try bytes.readByte(&position)
            row.crossed = AlertThreshold.allCases.filter { flags & 1 << ($0.code - 1) != 0 }
            for threshold in AlertThreshold.allCases where flags & 8 << (threshold.code - 1) != 0 {
                row.lastFired[threshold] = Timestamp(nanosecondsSinceEpoch: try bytes.readSignedVarint(&position))
            }
            return row
        }
    }

    static func == (left: BudgetStateRow, right: BudgetStateRow) -> Bool {
        left.revision == right.revision && left.spent == right.spent && Set(left.crossed) == Set(right.crossed)
            && left.lastFired == right.lastFired
    }
}
