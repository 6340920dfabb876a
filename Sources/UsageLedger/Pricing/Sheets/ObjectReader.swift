/// Takes the members of a JSON object one by one, each of its type, and refuses what is left over: a misspelt key of a
/// price would otherwise be a wrong price.
struct ObjectReader {
    private var members: [JSONValue.Member]
    private let path: String

    typealias Element = (json: JSONValue, place: String)

    init(_ json: JSONValue, at place: String) throws(LedgerError) {
        guard let members = json.members else { throw .invalidArgument(place, "is not an object") }
        self.members = members
        path = place
    }

    /// Where a member stands, for errors.
    func place(_ key: String) -> String { "\(path).\(key)" }

    /// A member of any type; nil where it is missing or null.
    mutating func value(_ key: String) -> Element? {
        guard let index = members.firstIndex(where: { $0.key == key }) else { return nil }
        let value = members.remove(at: index).value
        return value == .null ? nil : (value, place(key))
    }

    mutating func optionalString(_ key: String) throws(LedgerError) -> String? {
        guard let element = value(key) else { return nil }
        guard let text = element.json.text else { throw .invalidArgument(element.place, "is not a string") }
        return text
    }

    mutating func string(_ key: String) throws(LedgerError) -> String {
        guard let text = try optionalString(key) else { throw .invalidArgument(place(key), "is missing") }
        return text
    }

    mutating func optionalBool(_ key: String) throws(LedgerError) -> Bool? {
        guard let element = value(key) else { return nil }
        guard case .bool(let bool) = element.json else {
            throw .invalidArgument(element.place, "is neither true nor false")
        }
        return bool
    }

    /// The decimal text of a number, or of a string that holds one.
    mutating func optionalDecimal(_ key: String) throws(LedgerError) -> String? {
        guard let element = value(key) else { return nil }
        guard let text = element.json.decimal else { throw .invalidArgument(element.place, "is not a number") }
        return text
    }

    mutating func decimal(_ key: String) throws(LedgerError) -> String {
        guard let text = try optionalDecimal(key) else { throw .invalidArgument(place(key), "is missing") }
        return text
    }

    mutating func optionalMoney(_ key: String) throws(LedgerError) -> Money? {
        guard let text = try optionalDecimal(key) else { return nil }
        return try located(key) { () throws(LedgerError) in try Money(parsing: text) }
    }

    mutating func optionalFactor(_ key: String) throws(LedgerError) -> Factor? {
        guard let text = try optionalDecimal(key) else { return nil }
        return try located(key) { () throws(LedgerError) in try Factor(parsing: text) }
    }

    /// The members of an object that has keys of any kind; none where it is missing.
    mutating func members(_ key: String) throws(LedgerError) -> [JSONValue.Member] {
        guard let element = value(key) else { return [] }
        guard let members = element.json.members else { throw .invalidArgument(element.place, "is not an object") }
        return members
    }

    mutating func optionalQuantity(_ key: String) throws(LedgerError) -> Quantity? {
        guard let text = try optionalDecimal(key) else { return nil }
        return try located(key) { () throws(LedgerError) in try Quantity(parsing: text) }
    }

    mutating func object(_ key: String) throws(LedgerError) -> ObjectReader? {
        guard let element = value(key) else { return nil }
        return try ObjectReader(element.json, at: element.place)
    }

    /// The elements of a list; none where it is missing.
    mutating func list(_ key: String) throws(LedgerError) -> [Element] {
        guard let element = value(key) else { return [] }
        guard let elements = element.json.elements else { throw .invalidArgument(element.place, "is not a list") }
        return elements.enumerated().map { ($0.element, "\(element.place)[\($0.offset)]") }
    }

    /// Checks that every member was taken.
    func finish() throws(LedgerError) {
        guard let left = members.first else { return }
        throw .invalidArgument(place(FormatFailure.shown(left.key)), "is not a key of the format")
    }

    /// Runs a check of what was read and says where it failed.
    func located<Value>(
        _ key: String? = nil, _ body: () throws(LedgerError) -> Value
    ) throws(LedgerError) -> Value {
        try Self.located(key.map(place) ?? path, body)
    }

    static func located<Value>(
        _ place: String, _ body: () throws(LedgerError) -> Value
    ) throws(LedgerError) -> Value {
        do throws(LedgerError) {
            return try body()
        } catch {
            throw LedgerError(error.code, "\(place): \(error.message)", field: place)
        }
    }
}
