/// A point at which a process is killed: a moment of a transaction of a kind, told by what the transaction changes.
struct KillPoint: Hashable {
    enum Kind: String, CaseIterable {
        /// The ledger itself is made; its tables are.
        case create, tables
        /// A commit of a segment; of several.
        case record, segments
        /// Views are stored; with runs of ids being merged.
        case flush, merge
        /// A rebuild before the generations are swapped; the swap; the former one is emptied.
        case rebuild, swap, discard
    }

    var kind: Kind
    /// `change`: on entry to a change of a row. `pages`: to a write of pages. `sync`: to the sync behind them. `meta`: to
    /// the write of the meta page, behind the sync. `committed`: behind the meta page, nobody knowing. `witness`: before the
    /// witness is told. `acknowledgement`: before somebody is.
    var moment: String

    var name: String { "\(kind.rawValue) \(moment)" }

    static let all: [KillPoint] = Kind.allCases.flatMap { kind in
        (["change", "pages", "sync", "meta", "committed"] + (kind == .record ? ["witness", "acknowledgement"] : []))
            .filter { $0 != "change" || kind != .tables }
            .map { KillPoint(kind: kind, moment: $0) }
    }

    /// Whether it is a young ledger's.
    var isEarly: Bool { kind == .create || kind == .tables }

    /// What the recorders do more often, so that it is reached.
    var focus: String {
        switch kind {
        case .segments: "segments"
        case .rebuild, .swap, .discard: "rebuild"
        default: "any"
        }
    }

    /// How many entries call for a flush.
    var flushEntries: [String] {
        switch kind {
        case .merge: ["1", "3"]
        case .flush: ["1", "3", "20"]
        default: ["1", "3", "20", "1000000"]
        }
    }

    /// Of how many times it is reached one is chosen.
    var places: ClosedRange<Int> {
        switch (kind, moment) {
        case (.create, "change"): 1...2
        case (.rebuild, _), (.merge, "change"): 1...12
        case (.create, _), (.tables, _), (.swap, _): 1...1
        case (.segments, _), (.merge, _), (.discard, _): 1...4
        case (.record, _), (.flush, _): 1...30
        }
    }
}
