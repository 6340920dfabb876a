/// What was used of the periods that prices are counted over: what the views say, and what the present commit has added.
struct MeterReading {
    let snapshot: Snapshot
    /// The names that the commit defines.
    let symbols: [SymbolText: Symbol]
    let used: [Meter: Quantity]

    func consumed(_ meter: Meter) throws(LedgerError) -> Quantity {
        do {
            let here = used[meter] ?? .zero
            guard let name = try symbol(meter.name) else { return here }
            var agent = Symbol.none
            if let id = meter.agent {
                guard let known = try symbol(id.rawValue) else { return here }
                agent = known
            }
            let key = MeterKey(meter: name, agent: agent, period: meter.period, start: meter.start)
            let stored = try snapshot.meters.value(for: key, in: snapshot.stored.transaction)
            return Quantity(millionths: stored?.consumed ?? 0) + here
        } catch {
            throw LedgerError.wrapping(error)
        }
    }

    private func symbol(_ name: String) throws -> Symbol? {
        try symbols[SymbolText(name)] ?? snapshot.symbol(for: name)
    }
}
