/// A setting that cannot be, or settings that do not go together. The message is for the one who started the service.
public struct ConfigurationError: Error, CustomStringConvertible {
    /// One sentence.
    public var description: String

    /// An error with this message.
    public init(_ description: String) { self.description = description }
}
