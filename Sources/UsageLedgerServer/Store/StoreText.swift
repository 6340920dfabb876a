import LMDB

/// A key of the service's tables: text, ordered by its bytes.
struct StoreText: TableKey {
    var text: String

    init(_ text: String) { self.text = text }

    static func < (left: StoreText, right: StoreText) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: text.utf8) }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        guard let text = bytes.string(in: 0..<bytes.byteCount) else {
            throw LMDBError(code: .damaged, operation: "read a key of the service's store")
        }
        self.text = text
    }
}
