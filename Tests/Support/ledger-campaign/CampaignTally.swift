import Foundation

/// What a campaign comes to.
struct CampaignTally {
    private let options: CampaignOptions
    private let start = Date()
    var cases = 0
    /// What was done to the ledger, by kind.
    var faults: [String: Int] = [:]
    /// What became of it, by kind.
    var outcomes: [String: Int] = [:]
    /// What must not be, in words.
    var violations: [String] = []
    var skipped: String?

    init(_ options: CampaignOptions) { self.options = options }

    /// Adds what another part of the campaign came to.
    mutating func add(_ other: CampaignTally) {
        cases += other.cases
        faults.merge(other.faults, uniquingKeysWith: +)
        outcomes.merge(other.outcomes, uniquingKeysWith: +)
        violations += other.violations
    }

    /// One JSON object, or a few lines for people.
    var lines: [String] {
        let seconds = Int(Date().timeIntervalSince(start).rounded())
        guard options.isJSON else {
            var lines = ["\(options.name.rawValue), seed \(options.seed): \(cases) cases in \(seconds) s"]
            if let skipped { lines.append("skipped: \(skipped)") }
            lines += faults.sorted { $0.key < $1.key }.map { "fault \($0.key): \($0.value)" }
            lines += outcomes.sorted { $0.key < $1.key }.map { "outcome \($0.key): \($0.value)" }
            return lines + ["violations: \(violations.count)"] + violations.prefix(20)
        }
        let fields: [String: Any] = [
            "campaign": options.name.rawValue, "seed": options.seed, "rounds": options.rounds, "cases": cases,
            "faults": faults, "outcomes": outcomes, "violations": violations.count,
            "found": Array(violations.prefix(20)), "skipped": skipped ?? NSNull(), "seconds": seconds,
        ]
        let bytes = try? JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys])
        return [String(decoding: bytes ?? Data(), as: UTF8.self)]
    }
}
