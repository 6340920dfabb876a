import UsageLedger

/// The usage lines that a state asks for, page by page.
struct FilteredLines {
    /// Events looked at for one answer: where few lines match, the next page goes on from there.
    private static let eventsAtMost = 20_000
    private static let eventsAtOnce = 500

    let ledger: Ledger
    let agent: AgentID
    let state: PageState
    let days: ClosedRange<Day>

    struct Page {
        var lines: [(place: ExportPlace, line: ExportedLine)] = []
        /// Where the next page begins; nil for the last.
        var next: ExportPlace?
    }

    /// Up to `count` lines behind a place, in the order of days.
    ///
    /// - Throws: `LedgerError`: `damaged`, `inputOutput`.
    func page(after place: ExportPlace?, count: Int) throws -> Page {
        let card = ledger.rateCard
        var page = Page()
        var place = place
        for _ in 0..<(Self.eventsAtMost / Self.eventsAtOnce) {
            let part = try ledger.exportPage(agent: agent, days: days, after: place, events: Self.eventsAtOnce)
            for (here, line) in part.lines where state.takes(line, card) {
                if page.lines.count == count {
                    page.next = page.lines.last?.place
                    return page
                }
                page.lines.append((here, line))
            }
            place = part.next
            page.next = place
            if place == nil { break }
        }
        return page
    }
}
