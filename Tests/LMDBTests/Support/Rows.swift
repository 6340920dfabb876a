import LMDB

/// Rows as text, for tests in which bytes do not matter.
extension Transaction where Self: ~Copyable {
    func text(_ key: String, in table: Table) throws -> String? {
        try get([UInt8](key.utf8).span.bytes, in: table) { value in
            value.string(in: 0..<value.byteCount) ?? "not UTF-8"
        }
    }

    func keys(in table: Table) throws -> [String] {
        try withCursor(in: table) { cursor in
            var keys: [String] = []
            while try cursor.next() { keys.append(cursor.key) }
            return keys
        }
    }
}

extension WriteTransaction {
    func put(_ key: String, _ value: String, in table: Table) throws {
        try put([UInt8](key.utf8).span.bytes, [UInt8](value.utf8).span.bytes, in: table)
    }

    func append(_ key: String, _ value: String, in table: Table) throws {
        try append([UInt8](key.utf8).span.bytes, [UInt8](value.utf8).span.bytes, in: table)
    }

    func insert(_ key: String, _ value: String, in table: Table) throws -> Bool {
        try insert([UInt8](key.utf8).span.bytes, [UInt8](value.utf8).span.bytes, in: table)
    }

    @discardableResult
    func delete(_ key: String, in table: Table) throws -> Bool {
        try delete([UInt8](key.utf8).span.bytes, in: table)
    }
}

extension Cursor {
    var key: String {
        withRow { key, _ in key.string(in: 0..<key.byteCount) ?? "not UTF-8" }
    }

    mutating func seek(_ key: String) throws -> Bool {
        try seek([UInt8](key.utf8).span.bytes)
    }

    mutating func seek(before key: String) throws -> Bool {
        try seek(before: [UInt8](key.utf8).span.bytes)
    }
}

/// The code of the error that `body` throws; nil where it throws none.
func code(of body: () throws -> Void) throws -> LMDBError.Code? {
    do {
        try body()
        return nil
    } catch let error as LMDBError {
        return error.code
    }
}
