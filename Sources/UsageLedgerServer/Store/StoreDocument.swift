import LMDB
import UsageLedger

/// A value of the service's tables: a JSON object of a handful of fields.
struct StoreDocument: TableValue {
    private let bytes: [UInt8]
    let value: JSONValue

    init(_ write: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        writer.object(write)
        bytes = writer.bytes
        guard let value = try? JSONValue(document: bytes) else {
            preconditionFailure("a writer writes what can be read")
        }
        self.value = value
    }

    func encode(into bytes: inout [UInt8]) { bytes += self.bytes }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        self.bytes = bytes.array()
        guard let value = try? JSONValue(document: self.bytes) else {
            throw LMDBError(code: .damaged, operation: "read a value of the service's store")
        }
        self.value = value
    }

    /// A text field; throws `damaged` where there is none.
    func text(_ key: String) throws(LMDBError) -> String {
        guard let text = value[key]?.text else {
            throw LMDBError(code: .damaged, operation: "read '\(key)' in the service's store")
        }
        return text
    }

    /// A text field, or nil.
    func optionalText(_ key: String) -> String? { value[key]?.text }

    /// A whole number; throws `damaged` where there is none.
    func number(_ key: String) throws(LMDBError) -> Int {
        guard let number = value[key]?.decimal.flatMap({ Int($0) }) else {
            throw LMDBError(code: .damaged, operation: "read '\(key)' in the service's store")
        }
        return number
    }
}
