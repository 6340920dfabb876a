/// Why a record, or JSON within one, was refused, and where. Becomes a ``LedgerError`` at the door.
struct FormatFailure: Error, Equatable {
    enum Problem: Equatable {
        case invalidUTF8
        /// A byte that cannot stand where it stands.
        case malformed
        /// The text ends in the middle of a value.
        case truncated
        case unpairedSurrogate
        case tooDeep
        case duplicateKey
        /// Longer than so many bytes.
        case tooLong(Int)
        /// A value of another type than this.
        case expected(String)
        /// A clause about the field; it may quote names, ids, times and quantities, never metadata.
        case refused(String)
    }

    var problem: Problem
    /// The part of the event at fault, as it is named in JSON: `usage.input_tokens`.
    var field: String?
    /// Bytes from the start of the JSON text.
    var offset: Int?
    /// The field of a CSV row, from 1.
    var csvColumn: Int?

    init(_ problem: Problem, field: String? = nil, offset: Int? = nil) {
        self.problem = problem
        self.field = field
        self.offset = offset
    }

    static func refused(_ field: String, _ clause: String) -> FormatFailure {
        FormatFailure(.refused(clause), field: field)
    }

    /// The same failure, in `field` and at `offset` unless it is known better.
    func locating(field: String?, offset: Int?) -> FormatFailure {
        var failure = self
        failure.field = self.field ?? field
        failure.offset = self.offset ?? offset
        return failure
    }

    /// The column at fault: in a CSV row the field, in JSON the byte, both from 1.
    var column: Int? { csvColumn ?? offset.map { $0 + 1 } }

    private var clause: String {
        let place = offset.map { " at byte \($0 + 1)" } ?? ""
        return switch problem {
        case .invalidUTF8: "not valid UTF-8\(place)"
        case .malformed: "not valid JSON\(place)"
        case .truncated: "not valid JSON: the text ends too early\(place)"
        case .unpairedSurrogate: "half of a surrogate pair\(place)"
        case .tooDeep: "nested too deep\(place)"
        case .duplicateKey: "a key is given twice\(place)"
        case .tooLong(let limit): "longer than \(limit) bytes"
        case .expected(let type): "expected \(type)\(place)"
        case .refused(let clause): clause
        }
    }

    var ledgerError: LedgerError {
        LedgerError(.invalidEvent, field.map { "\($0): \(clause)" } ?? clause, field: field)
    }

    /// `text` of a file as it can stand in an error message: on one line and shortened.
    static func shown(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let shown = scalars.prefix(40).map { $0.properties.generalCategory == .control ? "?" : Character($0) }
        return String(shown) + (scalars.count > 40 ? "..." : "")
    }

    /// `text` as ``shown(_:)``, between quotes.
    static func quoted(_ text: String) -> String { "'\(shown(text))'" }
}
