import UsageLedger

/// Reads price sheets from files.
enum RateFiles {
    /// Reads a sheet; `-` is standard input, `default` the card that comes with the program.
    static func read(_ path: String, format: RateSheetFormat? = nil) throws(LedgerError) -> RateSheet {
        if path == "default" { return .builtIn }
        return try RateSheet(contentsOf: path, format: format)
    }

    /// A card made of several sheets, later ones over earlier ones; the built-in card for none.
    static func card(_ paths: [String]) throws -> (card: RateCard, notUnderstood: [RateSheet.NotUnderstood]) {
        if paths.isEmpty { return (.builtIn, []) }
        var card = RateCard()
        var notUnderstood: [RateSheet.NotUnderstood] = []
        for path in paths {
            let sheet = try read(path)
            card.add(sheet)
            notUnderstood += sheet.notUnderstood
        }
        return (card, notUnderstood)
    }
}
