extension RateSheet {
    /// The sheet that comes with this version of the library: the categories of the first card, language models of today,
    /// WhatsApp messages by country, searches and scraping, each figure with its source and date.
    public static let builtIn: RateSheet = {
        do throws(LedgerError) {
            return try RateSheet(parsing: PackageResources.default_json, format: .usageLedger)
        } catch {
            preconditionFailure("the built-in rate card: \(error)")
        }
    }()
}

extension RateCard {
    /// The card of ``RateSheet/builtIn``.
    ///
    /// New ledgers begin with ``standard`` unless ``Ledger/Options/rateCard`` says otherwise.
    public static let builtIn = RateCard(RateSheet.builtIn)
}
