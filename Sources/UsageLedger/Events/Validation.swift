/// The checks at the door: what is refused here never reaches the log.
enum Validation {
    /// Checks every limit of an event and brings it into its normal form: usage and lines in the order of their names, so
    /// that two events with the same content are equal.
    ///
    /// - Throws: ``LedgerError`` with code `invalidEvent` and the field at fault.
    static func normalized(_ event: UsageEvent, now: Timestamp) throws(LedgerError) -> UsageEvent {
        try checkText(event.id.rawValue, in: Limits.eventIDBytes, field: "id")
        try checkName(event.agent, field: "agent")
        try checkName(event.operation, field: "operation")
        if let lead = event.lead { try checkName(lead, field: "lead") }
        if let provider = event.provider { try checkName(provider, field: "provider") }
        if let model = event.model { try checkName(model, field: "model") }
        // An event without a time gets the clock's, which may be wrong as well.
        try check(time: event.time ?? now, now: now)
        try checkContext(event.context)

        var event = event
        switch (event.usage.isEmpty, event.lines.isEmpty) {
        case (true, true): throw .invalidEvent("lines", "an event needs usage or lines; it has neither")
        case (false, false): throw .invalidEvent("lines", "an event has either usage or lines; it has both")
        case (false, true): event.usage = try normalized(event.usage)
        case (true, false): event.lines = try normalized(event.lines)
        }
        return event
    }

    private static func check(time: Timestamp, now: Timestamp) throws(LedgerError) {
        guard time >= Limits.earliestTime else {
            throw .invalidEvent("time", "\(time) lies before \(Limits.earliestTime)")
        }
        guard time <= now.adding(seconds: Limits.futureSeconds) else {
            throw .invalidEvent("time", "\(time) lies more than a day ahead of the clock, which says \(now)")
        }
    }

    private static func checkContext(_ context: [String: String]) throws(LedgerError) {
        guard Limits.contextEntriesPerEvent.contains(context.count) else {
            throw .invalidEvent("context", "has \(context.count) values; at most 16 are allowed")
        }
        for (key, value) in context {
            try checkText(key, in: Limits.nameBytes, field: "context")
            try checkText(value, in: Limits.nameBytes, field: "context.\(key)")
        }
    }

    private static func normalized(_ usage: [ReportedUsage]) throws(LedgerError) -> [ReportedUsage] {
        guard Limits.linesPerEvent.contains(usage.count) else {
            throw .invalidEvent("usage", "has \(usage.count) classes; at most 32 are allowed")
        }
        for reported in usage {
            try checkName(reported.usageClass, field: "usage")
            try check(reported.quantity, field: "usage.\(reported.usageClass)")
        }
        let sorted = usage.sorted { $0.usageClass < $1.usageClass }
        for (left, right) in zip(sorted, sorted.dropFirst()) where left.usageClass == right.usageClass {
            throw .invalidEvent("usage.\(left.usageClass)", "is given twice")
        }
        return sorted
    }

    private static func normalized(_ lines: [UsageLine]) throws(LedgerError) -> [UsageLine] {
        guard Limits.linesPerEvent.contains(lines.count) else {
            throw .invalidEvent("lines", "has \(lines.count) lines; at most 32 are allowed")
        }
        for (index, line) in lines.enumerated() {
            try checkName(line.category, field: "lines[\(index)].category")
            try check(line.quantity, field: "lines[\(index)].quantity")
        }
        let sorted = lines.sorted { $0.category < $1.category }
        for (left, right) in zip(sorted, sorted.dropFirst()) where left.category == right.category {
            throw .invalidEvent("lines", "has two lines of category \(left.category); add their quantities up")
        }
        return sorted
    }

    static func check(_ quantity: Quantity, field: String) throws(LedgerError) {
        guard quantity >= .zero else { throw .invalidEvent(field, "\(quantity) is negative") }
        guard Quantity.lineRange.contains(quantity) else {
            throw .invalidEvent(field, "\(quantity) is more than \(Quantity.lineRange.upperBound)")
        }
    }

    static func checkName(_ name: some TextIdentifier, field: String) throws(LedgerError) {
        try checkText(name.rawValue, in: Limits.nameBytes, field: field)
    }

    /// Checks length and characters. Nothing of the text goes into the error: it may be anything.
    static func checkText(_ text: String, in byteCount: ClosedRange<Int>, field: String) throws(LedgerError) {
        let count = text.utf8.count
        guard byteCount.contains(count) else {
            throw count == 0
                ? .invalidEvent(field, "is empty")
                : .invalidEvent(field, "has \(count) bytes; at most \(byteCount.upperBound) are allowed")
        }
        // C0 controls and DEL are single bytes; C1 controls are U+0080...U+009F, C2 80...C2 9F in UTF-8.
        var former: UInt8 = 0
        for byte in text.utf8 {
            if byte < 0x20 || byte == 0x7F || (former == 0xC2 && byte < 0xA0) {
                throw .invalidEvent(field, "has a control character")
            }
            former = byte
        }
    }

    static func checked(_ budget: Budget) throws(LedgerError) {
        if let agent = budget.agent { try checkName(agent, field: "agent") }
        if let category = budget.category { try checkName(category, field: "category") }
        guard budget.amount > .zero, budget.amount <= Limits.largestBudget else {
            throw .invalidArgument(
                "amount", "\(budget.amount) is not more than zero and at most \(Limits.largestBudget)")
        }
        guard Limits.thresholdPercent.contains(budget.warningPercent) else {
            throw .invalidArgument("warning", "\(budget.warningPercent) percent is not between 1 and 1000")
        }
        guard Limits.thresholdPercent.contains(budget.criticalPercent) else {
            throw .invalidArgument("critical", "\(budget.criticalPercent) percent is not between 1 and 1000")
        }
        guard budget.warningPercent <= budget.criticalPercent else {
            throw .invalidArgument(
                "warning", "\(budget.warningPercent) percent lies above the critical \(budget.criticalPercent) percent")
        }
    }
}
