/// How the columns of a CSV file become fields of usage events.
///
/// Fields are `id`, `agent`, `lead`, `operation`, `time`, `provider`, `model`; `usage.CLASS` (a quantity) and `usage` (a JSON
/// object); `lines` (a JSON array), or `category` and `quantity` for a single line; `context.KEY` and `context` (a JSON
/// object); `metadata.KEY` (kept as text) and `metadata` (a JSON object).
///
/// Headers are the fields' own names unless ``columns`` says otherwise.
public struct CSVMapping: Sendable {
    /// Headers by field: `["agent": "customer_no", "usage.input_tokens": "tokens in"]`.
    ///
    /// When there are any, other headers that are no fields are ignored; without any they are refused.
    public var columns: [String: String]
    /// Values by field, for rows in which the field has no column or is empty.
    public var constants: [String: String]
    /// Gives rows of a file without ids the ids `PREFIX-1`, `PREFIX-2`, ...: rows after the header, from 1.
    ///
    /// The same file under the same prefix then counts once, however often it is imported.
    public var idPrefix: String?
    /// Where times without zone or offset were read off the clock.
    public var zone: TimeZoneRules

    /// Makes a mapping; the default one takes the headers as they are.
    public init(
        columns: [String: String] = [:],
        constants: [String: String] = [:],
        idPrefix: String? = nil,
        zone: TimeZoneRules = .utc
    ) {
        self.columns = columns
        self.constants = constants
        self.idPrefix = idPrefix
        self.zone = zone
    }
}
