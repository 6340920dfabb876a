@testable import UsageLedger

/// A card that a sheet of any format made comes back from the ledger's own format as it was.
struct SheetLaws: FuzzTarget {
    static let name = "sheet"

    mutating func check(_ input: [UInt8]) throws {
        guard let sheet = try? RateSheet(parsing: input) else { return }
        let written = RateCard(sheet).json(currency: "USD")
        let back: RateSheet
        do throws(LedgerError) {
            back = try RateSheet(parsing: written, format: .usageLedger)
        } catch {
            throw BrokenLaw(
                description: "a card can be read back: \(error.message)\n\(String(decoding: written, as: UTF8.self))")
        }
        try hold(RateCard(back).json(currency: "USD") == written, "a card comes back as it was")
    }
}
