import LMDB

/// The leads seen of each agent: the first entry that names each.
final class LeadView: View {
    static let name = "leads"
    static let version: UInt32 = 1

    private(set) var leads: ViewTable<LeadKey, NumberRow>

    init(_ tables: ViewTables) throws {
        leads = ViewTable(try tables.table("leads"))
    }

    var tables: [Table] { [leads.table] }

    func fold(_ batch: UsageBatch, _ segment: RawSpan, _ context: FoldContext) throws {
        if !batch.hasLeads { return }
        for movement in batch.movements {
            guard let range = movement.leadRange else { continue }
            let key = LeadKey(agent: movement.agent, lead: segment.array(in: range))
            if try leads.value(for: key, in: context.stored.transaction) == nil {
                leads.set(NumberRow(movement.sequenceNumber.rawValue), for: key)
            }
        }
    }

    func flush(into transaction: borrowing WriteTransaction, _ writer: inout RowWriter) throws {
        try leads.flush(into: transaction, &writer)
    }

    func didFlush() {
        leads.didFlush()
    }
}

/// (agent, UTF-8 of the lead).
struct LeadKey: TableKey {
    var agent: Symbol
    var lead: [UInt8]

    init(agent: Symbol, lead: [UInt8]) {
        self.agent = agent
        self.lead = lead
    }

    static func < (left: LeadKey, right: LeadKey) -> Bool {
        left.agent == right.agent ? left.lead.lexicographicallyPrecedes(right.lead) : left.agent < right.agent
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.appendKey(agent)
        bytes.append(contentsOf: lead)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        try bytes.require(bytes.byteCount > 4, of: "leads")
        agent = bytes.keySymbol(at: 0)
        lead = bytes.array(in: 4..<bytes.byteCount)
    }
}
