/// A class of usage as providers report it: `input_tokens`, `output_tokens`, `cache_read_tokens`.
///
/// Some classes are parts of another: `input_tokens` includes the cached ones, `output_tokens` the reasoning ones. A part
/// without a category of its own is priced with its parent (``parent``).
public struct UsageClass: TextIdentifier {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let inputTokens: UsageClass = "input_tokens"
    public static let outputTokens: UsageClass = "output_tokens"
    public static let cacheReadTokens: UsageClass = "cache_read_tokens"
    public static let cacheWriteTokens: UsageClass = "cache_write_tokens"
    public static let reasoningTokens: UsageClass = "reasoning_tokens"
    public static let inputAudioTokens: UsageClass = "input_audio_tokens"
    public static let outputAudioTokens: UsageClass = "output_audio_tokens"
    public static let inputImageTokens: UsageClass = "input_image_tokens"

    /// The class that this one is a part of, or nil when it stands by itself.
    public var parent: UsageClass? {
        switch rawValue {
        case "cache_read_tokens", "cache_write_tokens", "input_audio_tokens", "input_image_tokens": .inputTokens
        case "reasoning_tokens", "output_reasoning_tokens", "output_audio_tokens": .outputTokens
        default: nil
        }
    }
}
