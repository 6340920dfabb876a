import Foundation
import UsageLedger

/// What must be true of a ledger whatever was done to it: every acknowledged event is there once, with its content and its
/// cost; of events recorded together all are there or none; totals are the sum of the events that are there; alerts are what
/// a replay gives; verify finds nothing; and recording goes on.
struct Oracle {
    private(set) var acknowledged: Set<String> = []
    private(set) var voided: Set<String> = []
    private var checks = 0

    /// Takes in what a child said.
    mutating func hear(_ lines: [String]) {
        for line in lines where !["opening", "ready", "done"].contains(line) && !line.hasPrefix("error ") {
            if line.hasPrefix("void ") { voided.insert(String(line.dropFirst(5))) } else { acknowledged.insert(line) }
        }
    }

    /// - Returns: what is wrong, in words.
    mutating func check(_ path: String) async -> [String] {
        checks += 1
        if acknowledged.isEmpty, !FileManager.default.fileExists(atPath: path + "/data.mdb") { return [] }
        do {
            let ledger = try await Ledger.open(at: path, options: Ledger.Options(mapSizeBytes: 1 << 32))
            do {
                var found = try violations(ledger)
                found += try await goesOn(ledger)
                try await ledger.close()
                return found
            } catch {
                try? await ledger.close()
                throw error
            }
        } catch {
            return ["cannot be checked: \(error)"]
        }
    }

    private func violations(_ ledger: Ledger) throws -> [String] {
        var violations: [String] = []
        let verification = try ledger.verify()
        if let problem = verification.problem { violations.append("verify: \(problem)") }
        var numbers: [String: Set<SequenceNumber>] = [:]
        var adjusted: Set<String> = []
        var costs: [String: Money] = [:]
        for agent in CrashEvents.agents {
            try ledger.export(agent: agent) { line in
                let id = line.event.id.rawValue
                numbers[id, default: []].insert(line.sequenceNumber)
                if line.isAdjusted { adjusted.insert(id) }
                costs[id, default: .zero] += line.line.price?.cost ?? .zero
                let event = CrashEvents.event(line.event.id)
                if line.event.agent != event.agent || line.event.operation != event.operation
                    || line.event.lead != event.lead || line.event.time != event.time || line.event.model != event.model
                    || Set(line.event.usage.map(\.quantity)) != Set(event.usage.map(\.quantity))
                {
                    violations.append("\(id) is there with other content")
                }
                return true
            }
        }
        for id in acknowledged where numbers[id] == nil { violations.append("\(id) was acknowledged and is gone") }
        for (id, places) in numbers where places.count != 1 {
            violations.append("\(id) is there \(places.count) times")
        }
        let wide = Dictionary(grouping: numbers.keys.filter { $0.contains("-w") }) { $0.prefix { $0 != "w" } }
        for (batch, ids) in wide where ids.count != CrashEvents.wideCount {
            violations.append("of the wide batch \(batch) \(ids.count) are there")
        }
        for id in voided where !adjusted.contains(id) { violations.append("\(id) was voided and still counts") }
        let together = Dictionary(grouping: numbers.keys.filter { $0.contains("-b") }) { $0.dropLast(1) }
        for (batch, ids) in together where ids.count != 3 {
            violations.append("of the batch \(batch) \(ids.count) are there")
        }
        var sum = Money.zero
        for (id, cost) in costs {
            if cost != CrashEvents.cost(EventID(id)) { violations.append("\(id) costs \(cost)") }
            if !adjusted.contains(id) { sum += cost }
        }
        let total = try ledger.report(UsageQuery()).total
        let counting = numbers.keys.count { !adjusted.contains($0) }
        if total.cost != sum || total.events != counting {
            violations.append("the total is \(total.cost) for \(total.events); it should be \(sum) for \(counting)")
        }
        return violations
    }

    /// Repeats are duplicates, and something else can be recorded.
    private mutating func goesOn(_ ledger: Ledger) async throws -> [String] {
        var violations: [String] = []
        for id in acknowledged.sorted().suffix(20) {
            let receipt = try await ledger.record(CrashEvents.event(EventID(id)))
            if receipt.disposition != .duplicate { violations.append("\(id) was acknowledged and is recorded again") }
        }
        let id = EventID("after-\(checks)-\(acknowledged.count)")
        if try await ledger.record(CrashEvents.event(id)).disposition != .recorded {
            violations.append("\(id) is known")
        }
        acknowledged.insert(id.rawValue)
        return violations
    }
}
