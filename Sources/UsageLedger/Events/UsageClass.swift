/// A class of usage as providers report it: `input_tokens`, `output_tokens`, `cache_read_tokens`.
///
/// Some classes are parts of others: `input_tokens` includes the cached ones, `output_tokens` the reasoning ones. A part
/// without a rate of its own is priced with what it is a part of (``parents``).
public struct UsageClass: TextIdentifier {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let inputTokens: UsageClass = "input_tokens"
    public static let outputTokens: UsageClass = "output_tokens"
    public static let cacheReadTokens: UsageClass = "cache_read_tokens"
    /// Tokens written to a cache, whatever their time to live; ``cacheWrite1hTokens`` are a part of them.
    public static let cacheWriteTokens: UsageClass = "cache_write_tokens"
    public static let cacheWrite5mTokens: UsageClass = "cache_write_5m_tokens"
    public static let cacheWrite1hTokens: UsageClass = "cache_write_1h_tokens"
    public static let reasoningTokens: UsageClass = "reasoning_tokens"
    public static let inputAudioTokens: UsageClass = "input_audio_tokens"
    public static let outputAudioTokens: UsageClass = "output_audio_tokens"
    public static let cacheAudioReadTokens: UsageClass = "cache_audio_read_tokens"
    public static let inputImageTokens: UsageClass = "input_image_tokens"
    /// The calls themselves: 1 for each event whose rates price requests, unless it reports another number.
    public static let requests: UsageClass = "requests"

    /// The classes that this one is directly a part of; empty when it stands by itself. Audio read from a cache is a part
    /// of all that was read from it and of all audio input.
    public var parents: [UsageClass] { properties?.parents ?? [] }

    /// What the class counts, where that is known.
    var properties: UsageProperties? { UsageProperties.known[rawValue] }

    /// The one name for a class that has two: `output_reasoning_tokens` are `reasoning_tokens`.
    var canonical: UsageClass { rawValue == "output_reasoning_tokens" ? .reasoningTokens : self }
}
