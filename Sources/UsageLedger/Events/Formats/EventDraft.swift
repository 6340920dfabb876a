/// An event while its fields are being read, in whatever order they come.
struct EventDraft {
    var id: EventID?
    var agent: AgentID?
    var lead: LeadID?
    var operation: OperationName?
    var time: Timestamp?
    var provider: ProviderName?
    var model: ModelName?
    var usage: [ReportedUsage] = []
    var lines: [UsageLine] = []
    var context: [String: String] = [:]
    var metadata: Metadata?

    /// The event, once all fields are in.
    ///
    /// - Throws: when the id, the agent or the operation is missing.
    consuming func event() throws(FormatFailure) -> UsageEvent {
        guard let id else { throw Self.missing("id") }
        guard let agent else { throw Self.missing("agent") }
        guard let operation else { throw Self.missing("operation") }
        return UsageEvent(
            id: id, agent: agent, lead: lead, operation: operation, time: time, provider: provider, model: model,
            usage: usage, lines: lines, context: context, metadata: metadata)
    }

    private static func missing(_ field: String) -> FormatFailure { .refused(field, "is missing") }

    /// Sets a field that is plain text.
    mutating func set(_ field: EventJSON.Field, to text: String) {
        switch field {
        case .id: id = EventID(text)
        case .agent: agent = AgentID(text)
        case .lead: lead = LeadID(text)
        case .operation: operation = OperationName(text)
        case .provider: provider = ProviderName(text)
        case .model: model = ModelName(text)
        case .time, .usage, .lines, .context, .metadata: preconditionFailure("\(field.rawValue) is not plain text")
        }
    }

    /// Adds a class of usage, each at most once. More than an event may have are refused here already, so that a hostile
    /// event costs no more than its length.
    mutating func add(_ usage: ReportedUsage) throws(FormatFailure) {
        guard self.usage.count < Limits.linesPerEvent.upperBound else {
            throw FormatFailure.refused("usage", "has more than \(Limits.linesPerEvent.upperBound) classes")
        }
        for other in self.usage where other.usageClass == usage.usageClass {
            throw FormatFailure.refused("usage", "names \(FormatFailure.quoted(usage.usageClass.rawValue)) twice")
        }
        self.usage.append(usage)
    }

    /// Adds a line, up to the most an event may have.
    mutating func add(_ line: UsageLine) throws(FormatFailure) {
        guard lines.count < Limits.linesPerEvent.upperBound else {
            throw FormatFailure.refused("lines", "has more than \(Limits.linesPerEvent.upperBound) lines")
        }
        lines.append(line)
    }

    /// Adds a context value, each key at most once.
    mutating func addContext(_ key: String, _ value: String) throws(FormatFailure) {
        guard context.updateValue(value, forKey: key) == nil else {
            throw FormatFailure.refused("context", "gives \(FormatFailure.quoted(key)) twice")
        }
        guard context.count <= Limits.contextEntriesPerEvent.upperBound else {
            throw FormatFailure.refused(
                "context",
                "has more than \(Limits.contextEntriesPerEvent.upperBound) values")
        }
    }

    /// The quantity that the bytes at `range` spell.
    static func quantity(
        _ bytes: [UInt8], in range: Range<Int>, field: @autoclosure () -> String
    ) throws(FormatFailure) -> Quantity {
        if let units = wholeNumber(bytes, in: range) { return Quantity(units) }
        do throws(DecimalText.Failure) {
            return Quantity(millionths: try DecimalText.parse(bytes[range], scale: Quantity.scale))
        } catch {
            let text = FormatFailure.quoted(String(decoding: bytes[range], as: UTF8.self))
            let problem =
                switch error {
                case .malformed: "\(text) is not a decimal number"
                case .tooPrecise: "\(text) is finer than 0.000001, the smallest quantity"
                case .outOfRange: "\(text) is out of range"
                }
            throw FormatFailure.refused(field(), problem)
        }
    }

    /// A plain number of up to 15 digits: what nearly all quantities are.
    private static func wholeNumber(_ bytes: [UInt8], in range: Range<Int>) -> Int? {
        guard (1...15).contains(range.count) else { return nil }
        var value = 0
        for index in range {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int(digit)
        }
        return value
    }

    /// The moment that the bytes at `range` spell; a time without zone was read off a clock in `zone`.
    static func time(
        _ bytes: [UInt8], in range: Range<Int>, zone: TimeZoneRules
    ) throws(FormatFailure) -> Timestamp {
        guard let time = Timestamp.read(bytes, range, in: zone) else {
            let text = FormatFailure.quoted(String(decoding: bytes[range], as: UTF8.self))
            throw FormatFailure.refused("time", "\(text) is not a time such as 2026-11-01T12:00:00Z")
        }
        return time
    }
}
