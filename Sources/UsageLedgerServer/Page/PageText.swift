import Mustache

/// Text as HTML shows it: as text, whatever it holds.
///
/// Mustache's own escaping goes by characters, and to it a quotation mark with an accent on top is another character than
/// a quotation mark; to a browser it ends an attribute. This goes by Unicode scalars.
struct PageText: MustacheContentType {
    /// What templates name it by.
    static let name = "PAGE"

    func escapeText(_ text: String) -> String { Self.escaped(text) }

    /// Escaped for an element's content and for an attribute in quotation marks. What has no shape of its own but moves or
    /// hides what stands around it (controls, overrides of writing direction) shows as a replacement character.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\n", "\t": escaped.unicodeScalars.append(scalar)
            default:
                switch scalar.properties.generalCategory {
                case .control, .lineSeparator, .paragraphSeparator: escaped += "\u{FFFD}"
                // Joiners are part of how Persian, Indic scripts and emoji are written.
                case .format where scalar != "\u{200C}" && scalar != "\u{200D}": escaped += "\u{FFFD}"
                default: escaped.unicodeScalars.append(scalar)
                }
            }
        }
        return escaped
    }
}
