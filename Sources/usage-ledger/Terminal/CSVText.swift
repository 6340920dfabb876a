/// Text as a field of a CSV row (RFC 4180).
enum CSVText {
    static func field(_ text: String) -> String {
        let mustBeQuoted = text.utf8.contains {
            $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r")
        }
        let hasOuterSpace = text.utf8.first == UInt8(ascii: " ") || text.utf8.last == UInt8(ascii: " ")
        guard mustBeQuoted || hasOuterSpace else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    /// A row with its line end.
    static func row(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") + "\n" }
}
