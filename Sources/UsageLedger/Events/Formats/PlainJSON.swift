import LMDB

/// Reads events as nearly all files spell them, straight from the bytes of many lines: printable ASCII, no escapes, whole
/// numbers, each field once, no context and no metadata.
///
/// All other lines are left to ``EventJSON``, which has the last word on what is refused, and why. What is read here is read
/// alike there.
struct PlainJSON {
    private var names = PlainNames()
    private var time = PlainTime()

    /// The place of the next unread byte, and the end of the line.
    private var position = 0
    private var end = 0

    /// The first eight bytes of keys as numbers.
    private struct Keys {
        let id = key("id")
        let agent = key("agent")
        let lead = key("lead")
        let time = key("time")
        let model = key("model")
        let usage = key("usage")
        let lines = key("lines")
        let provider = key("provider")
        let operation = key("operatio")
        let category = key("category")
        let quantity = key("quantity")

        private static func key(_ name: String) -> UInt64 {
            name.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    private let keys = Keys()

    /// The event that the line at `line` holds, or nil where it is not spelled the plain way.
    mutating func event(_ bytes: RawSpan, in line: Range<Int>) -> UsageEvent? {
        position = line.lowerBound
        end = line.upperBound
        guard skip(UInt8(ascii: "{"), bytes) else { return nil }
        var id: String?
        var agent: String?
        var operation: String?
        var lead: String?
        var moment: Timestamp?
        var provider: String?
        var model: String?
        var usage: [ReportedUsage] = []
        var lines: [UsageLine] = []
        repeat {
            guard let key = text(bytes), skip(UInt8(ascii: ":"), bytes) else { return nil }
            switch (bytes.packed(key), key.count) {
            case (keys.id, 2):
                guard id == nil, let text = text(bytes) else { return nil }
                id = PlainNames.made(bytes, text)
            case (keys.agent, 5): guard read(bytes, into: &agent) else { return nil }
            case (keys.operation, 9) where bytes.byte(at: key.upperBound - 1) == UInt8(ascii: "n"):
                guard read(bytes, into: &operation) else { return nil }
            case (keys.lead, 4): guard read(bytes, into: &lead) else { return nil }
            case (keys.provider, 8): guard read(bytes, into: &provider) else { return nil }
            case (keys.model, 5): guard read(bytes, into: &model) else { return nil }
            case (keys.time, 4):
                guard moment == nil, let text = text(bytes) else { return nil }
                moment = time.time(bytes, in: text, zone: .utc)
                guard moment != nil else { return nil }
            case (keys.usage, 5): guard usage.isEmpty, readUsage(bytes, into: &usage) else { return nil }
            case (keys.lines, 5): guard lines.isEmpty, readLines(bytes, into: &lines) else { return nil }
            default: return nil
            }
        } while skip(UInt8(ascii: ","), bytes)
        guard skip(UInt8(ascii: "}"), bytes), position == end, let id, let agent, let operation else { return nil }
        return UsageEvent(
            id: EventID(id), agent: AgentID(agent), lead: lead.map { LeadID($0) }, operation: OperationName(operation),
            time: moment, provider: provider.map { ProviderName($0) }, model: model.map { ModelName($0) },
            usage: usage, lines: lines)
    }

    // MARK: Values

    /// Reads a name that was not read before.
    @inline(__always)
    private mutating func read(_ bytes: RawSpan, into name: inout String?) -> Bool {
        guard name == nil, let text = text(bytes) else { return false }
        name = names.text(bytes, in: text)
        return true
    }

    /// Reads `{"input_tokens":1500,...}`, at least one class, each once.
    private mutating func readUsage(_ bytes: RawSpan, into usage: inout [ReportedUsage]) -> Bool {
        guard skip(UInt8(ascii: "{"), bytes) else { return false }
        usage.reserveCapacity(2)
        repeat {
            guard let key = text(bytes), skip(UInt8(ascii: ":"), bytes), let quantity = quantity(bytes),
                usage.count < Limits.linesPerEvent.upperBound
            else { return false }
            let usageClass = UsageClass(names.text(bytes, in: key))
            for other in usage where other.usageClass == usageClass { return false }
            usage.append(ReportedUsage(usageClass, quantity))
        } while skip(UInt8(ascii: ","), bytes)
        return skip(UInt8(ascii: "}"), bytes)
    }

    /// Reads `[{"category":"google_search_api","quantity":1},...]`, at least one line.
    private mutating func readLines(_ bytes: RawSpan, into lines: inout [UsageLine]) -> Bool {
        guard skip(UInt8(ascii: "["), bytes) else { return false }
        repeat {
            guard skip(UInt8(ascii: "{"), bytes), let category = text(bytes), bytes.packed(category) == keys.category,
                category.count == 8, skip(UInt8(ascii: ":"), bytes), let name = text(bytes),
                skip(UInt8(ascii: ","), bytes), let key = text(bytes), bytes.packed(key) == keys.quantity,
                key.count == 8, skip(UInt8(ascii: ":"), bytes), let quantity = quantity(bytes),
                skip(UInt8(ascii: "}"), bytes), lines.count < Limits.linesPerEvent.upperBound
            else { return false }
            lines.append(UsageLine(category: CategoryName(names.text(bytes, in: name)), quantity: quantity))
        } while skip(UInt8(ascii: ","), bytes)
        return skip(UInt8(ascii: "]"), bytes)
    }

    /// A whole number without a leading zero.
    private mutating func quantity(_ bytes: RawSpan) -> Quantity? {
        skipSpaces(bytes)
        let first = position
        while position < end, bytes.byte(at: position) &- UInt8(ascii: "0") < 10 { position += 1 }
        guard let units = bytes.wholeNumber(in: first..<position),
            position == first + 1 || bytes.byte(at: first) != UInt8(ascii: "0")
        else { return nil }
        return Quantity(units)
    }

    // MARK: Syntax

    /// The place of the characters of the next value, a string.
    @inline(__always)
    private mutating func text(_ bytes: RawSpan) -> Range<Int>? {
        guard skip(UInt8(ascii: "\""), bytes) else { return nil }
        let first = position
        let last = bytes.endOfPlainText(from: first, orAt: UInt8(ascii: "\\"))
        guard last < end, bytes.byte(at: last) == UInt8(ascii: "\"") else { return nil }
        position = last + 1
        return first..<last
    }

    @inline(__always)
    private mutating func skip(_ byte: UInt8, _ bytes: RawSpan) -> Bool {
        skipSpaces(bytes)
        guard position < end, bytes.byte(at: position) == byte else { return false }
        position += 1
        return true
    }

    @inline(__always)
    private mutating func skipSpaces(_ bytes: RawSpan) {
        while position < end, bytes.byte(at: position) == UInt8(ascii: " ") { position += 1 }
    }
}
