/// What a column of a CSV file gives an event.
enum CSVField: Hashable {
    /// A field of the event: text, or JSON for `usage`, `lines`, `context` and `metadata`.
    case event(EventJSON.Field)
    case usageClass(UsageClass)
    case contextValue(String)
    case metadataValue(String)
    /// The category of a single line, whose quantity is a column of its own.
    case lineCategory
    case lineQuantity

    /// The field of a name such as `agent` or `usage.input_tokens`, or nil when there is none such.
    init?(name: String) {
        if let field = EventJSON.Field(rawValue: name) {
            self = .event(field)
        } else if name == "category" {
            self = .lineCategory
        } else if name == "quantity" {
            self = .lineQuantity
        } else if let key = name.suffix(behind: "usage.") {
            self = .usageClass(UsageClass(key))
        } else if let key = name.suffix(behind: "context.") {
            self = .contextValue(key)
        } else if let key = name.suffix(behind: "metadata.") {
            self = .metadataValue(key)
        } else {
            return nil
        }
    }

    /// How error messages name the field.
    var name: String {
        switch self {
        case .event(let field): field.rawValue
        case .usageClass(let usageClass): "usage.\(FormatFailure.shown(usageClass.rawValue))"
        case .contextValue(let key): "context.\(FormatFailure.shown(key))"
        case .metadataValue: "metadata"
        case .lineCategory: "category"
        case .lineQuantity: "quantity"
        }
    }
}

extension String {
    /// What follows `prefix`, when the text starts with it and does not end there.
    fileprivate func suffix(behind prefix: String) -> String? {
        guard utf8.starts(with: prefix.utf8), utf8.count > prefix.utf8.count else { return nil }
        return String(utf8.dropFirst(prefix.utf8.count))
    }
}
