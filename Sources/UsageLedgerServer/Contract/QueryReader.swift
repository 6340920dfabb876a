import Foundation
import UsageLedger

/// The parameters of a request's URL. Those that nobody asks for are passed over: clients add some against caches.
struct QueryReader: Sendable {
    private var values: [String: [String]] = [:]

    init(_ query: String?) throws(ServiceError) {
        guard let query, !query.isEmpty else { return }
        for part in query.split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard var name = Self.decoded(pair[0]), let value = pair.count == 2 ? Self.decoded(pair[1]) : "" else {
                throw ServiceError.invalid("query", "is not percent-encoded UTF-8")
            }
            if name.hasSuffix("[]") { name.removeLast(2) }
            values[name, default: []].append(value)
        }
    }

    /// A reader of nothing.
    static let empty = QueryReader()

    private init() {}

    /// All values of a parameter that may be repeated, as they are: commas are part of a value.
    func all(_ name: String) -> [String] { values[name] ?? [] }

    private static func decoded(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }

    /// A parameter that is given once at most; nil for an empty one.
    func text(_ name: String) throws(ServiceError) -> String? {
        guard let all = values[name] else { return nil }
        guard all.count == 1 else { throw ServiceError.invalid(name, "is given \(all.count) times") }
        return all[0].isEmpty ? nil : all[0]
    }

    /// A parameter that may be repeated, with brackets or without, or have several values with commas between them.
    func list(_ name: String) throws(ServiceError) -> [String] {
        let all = (values[name] ?? []).flatMap { $0.split(separator: ",").map(String.init) }
        guard all.count <= 100 else { throw ServiceError.invalid(name, "has more than 100 values") }
        return all
    }

    /// One of the words of an enumeration.
    func choice<Value: RawRepresentable & CaseIterable>(
        _ name: String, default standard: Value
    ) throws(ServiceError) -> Value where Value.RawValue == String {
        try choice(name, of: Value.self) ?? standard
    }

    /// One of the words of an enumeration, or nil.
    func choice<Value: RawRepresentable & CaseIterable>(
        _ name: String, of: Value.Type
    ) throws(ServiceError) -> Value? where Value.RawValue == String {
        guard let text = try text(name) else { return nil }
        guard let value = Value(rawValue: text) else {
            let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw ServiceError.invalid(name, "is none of \(words)")
        }
        return value
    }

    func number(_ name: String, in range: ClosedRange<Int>, default standard: Int) throws(ServiceError) -> Int {
        guard values[name] != nil else { return standard }
        guard let number = Int(try text(name) ?? ""), range.contains(number) else {
            throw ServiceError.invalid(name, "is not between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }

    /// Names of a kind, checked for their length.
    func names<Name: TextIdentifier>(_ name: String, as: Name.Type) throws(ServiceError) -> Set<Name> {
        let names = try list(name)
        guard names.allSatisfy({ Limits.nameBytes.contains($0.utf8.count) }) else {
            throw ServiceError.invalid(name, "has a name of more than \(Limits.nameBytes.upperBound) bytes")
        }
        return Set(names.map(Name.init(rawValue:)))
    }

    /// The days from `startDate` to `endDate`, both included; nil where neither is given. A full time stands for its day
    /// in the agent's zone.
    func days(zone: TimeZoneRules, limit: Int) throws(ServiceError) -> ClosedRange<Day>? {
        let start = try day("startDate", zone)
        let end = try day("endDate", zone)
        if start == nil, end == nil { return nil }
        let first = start ?? .earliest
        let last = end ?? .latest
        guard first <= last else { throw ServiceError.invalid("startDate", "lies behind endDate") }
        if start != nil, end != nil {
            guard first.distance(to: last) < limit else {
                throw ServiceError.invalid("endDate", "lies more than \(limit) days behind startDate")
            }
        }
        return max(first, .earliest)...max(last, .earliest)
    }

    private func day(_ name: String, _ zone: TimeZoneRules) throws(ServiceError) -> Day? {
        guard let text = try text(name) else { return nil }
        if let day = try? Day(parsing: text) { return day }
        guard let time = try? Timestamp(parsing: text, in: zone) else {
            throw ServiceError.invalid(
                name, "is neither a day such as 2026-11-01 nor a time such as 2026-11-01T12:00:00Z")
        }
        return zone.day(of: time)
    }
}
