public import ArgumentParser
public import UsageLedger

// Names are taken as they are; the ledger checks them.
extension AgentID: ExpressibleByArgument {}
extension LeadID: ExpressibleByArgument {}
extension OperationName: ExpressibleByArgument {}
extension CategoryName: ExpressibleByArgument {}
extension ProviderName: ExpressibleByArgument {}
extension ModelName: ExpressibleByArgument {}
extension UnitName: ExpressibleByArgument {}
extension ComponentName: ExpressibleByArgument {}
extension EventID: ExpressibleByArgument {}
extension AlertID: ExpressibleByArgument {}

extension BudgetPeriod: ExpressibleByArgument {}
extension UsageGrouping: ExpressibleByArgument {}
extension OverviewPeriod: ExpressibleByArgument {}
extension EventFormat: ExpressibleByArgument {}
extension RateSheetFormat: ExpressibleByArgument {}

/// Readers of arguments that say what is wrong with one.
enum ArgumentText {
    static func day(_ text: String) throws -> Day { try Day(parsing: text) }
    static func money(_ text: String) throws -> Money { try Money(parsing: text) }
    static func quantity(_ text: String) throws -> Quantity { try Quantity(parsing: text) }
    static func time(_ text: String) throws -> Timestamp { try Timestamp(parsing: text) }

    /// A moment, or the midnight that begins a day: in UTC, or in the zone behind it, `2026-11-01 Europe/Berlin`.
    static func timeOrDay(_ text: String) throws -> Timestamp {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard let first = parts.first, let day = try? Day(parsing: first) else { return try Timestamp(parsing: text) }
        let zone = parts.count == 2 ? try TimeZoneRules(identifier: String(parts[1])) : .utc
        return zone.start(of: day)
    }

    /// `input_tokens=1500,output_tokens=600`.
    static func usage(_ text: String) throws -> [ReportedUsage] {
        try text.split(separator: ",").map { part in
            let (name, value) = try pair(part, example: "input_tokens=1500,output_tokens=600")
            return ReportedUsage(UsageClass(name), try Quantity(parsing: value))
        }
    }

    /// `FIELD=VALUE`.
    static func pair(
        _ text: some StringProtocol, example: String
    ) throws(ValidationError) -> (name: String, value: String) {
        guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
            throw ValidationError("'\(text)' is not of the form \(example)")
        }
        return (String(text[..<sign]), String(text[text.index(after: sign)...]))
    }

    /// `FIELD=VALUE` given several times, each field once.
    static func pairs(_ texts: [String], of option: String, example: String) throws(ValidationError) -> [String: String]
    {
        var pairs: [String: String] = [:]
        for text in texts {
            let (name, value) = try pair(text, example: example)
            guard pairs.updateValue(value, forKey: name) == nil else {
                throw ValidationError("\(option) gives '\(name)' twice")
            }
        }
        return pairs
    }
}
