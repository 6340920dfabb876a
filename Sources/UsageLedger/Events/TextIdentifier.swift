import LMDB

/// A name that is text to people and a type of its own to the compiler.
///
/// Making one checks nothing; the ledger checks it when it is recorded: 1 to 128 bytes of UTF-8 without control characters.
public protocol TextIdentifier: RawRepresentable, Hashable, Comparable, Sendable, ExpressibleByStringLiteral,
    CustomStringConvertible
where RawValue == String {
    init(rawValue: String)
}

extension TextIdentifier {
    public init(_ text: String) { self.init(rawValue: text) }
    public init(stringLiteral value: String) { self.init(rawValue: value) }
    public var description: String { rawValue }

    /// Whether both are the same bytes of UTF-8. (`String` alone holds `é` and `e` with a combining accent to be equal, and
    /// two tenants would become one.)
    public static func == (left: Self, right: Self) -> Bool {
        left.rawValue.utf8Span.span.bytes.isEqual(to: right.rawValue.utf8Span.span.bytes)
    }

    /// Orders by the bytes of UTF-8, as stored keys are ordered.
    public static func < (left: Self, right: Self) -> Bool {
        left.rawValue.utf8Span.span.bytes.isLess(than: right.rawValue.utf8Span.span.bytes)
    }
}

/// The account that usage is charged to; the tenant.
public struct AgentID: TextIdentifier {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// The customer of the agent on whose behalf a call was made.
public struct LeadID: TextIdentifier {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// What a call was for: `psychology_analysis`, `property_search`.
public struct OperationName: TextIdentifier {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// The name of a cost category: `openai_gpt4_input`.
public struct CategoryName: TextIdentifier {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// Who sells the billable thing: `openai`, `gupshup`.
public struct ProviderName: TextIdentifier {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A language model as its provider names it: `gpt-4.1`.
public struct ModelName: TextIdentifier {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// The unit a category is counted in: `token`, `message`, `request`, `image`, `second`, `credit`.
public struct UnitName: TextIdentifier {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// How a category is priced, as the replaced system named it: `per_token`, `per_message`, `per_request`, `per_image`.
public struct PricingModelName: TextIdentifier {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}
