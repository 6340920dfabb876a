/// What a class of usage counts, as a set of properties. A class with all the properties of another and more is a part of
/// it: cached audio input is a part of cached input and of audio input, and these of input.
///
/// The names are those that public price sheets use (genai-prices 0.2.3, units of usage).
struct UsageProperties: OptionSet, Hashable, Sendable {
    var rawValue: UInt32

    static let tokens = UsageProperties(rawValue: 1 << 0)
    static let seconds = UsageProperties(rawValue: 1 << 1)
    static let pages = UsageProperties(rawValue: 1 << 2)
    static let input = UsageProperties(rawValue: 1 << 3)
    static let output = UsageProperties(rawValue: 1 << 4)
    static let text = UsageProperties(rawValue: 1 << 5)
    static let audio = UsageProperties(rawValue: 1 << 6)
    static let image = UsageProperties(rawValue: 1 << 7)
    static let video = UsageProperties(rawValue: 1 << 8)
    static let cacheRead = UsageProperties(rawValue: 1 << 9)
    static let cacheWrite = UsageProperties(rawValue: 1 << 10)
    static let tool = UsageProperties(rawValue: 1 << 11)
    static let reasoning = UsageProperties(rawValue: 1 << 12)
    static let citation = UsageProperties(rawValue: 1 << 13)
    static let fiveMinutes = UsageProperties(rawValue: 1 << 14)
    static let oneHour = UsageProperties(rawValue: 1 << 15)
    static let annotated = UsageProperties(rawValue: 1 << 16)

    /// Properties of which a class has at most one.
    private static let alternatives: [UsageProperties] = [
        [.tokens, .seconds, .pages], [.input, .output], [.text, .audio, .image, .video],
        [.cacheRead, .cacheWrite, .tool, .reasoning, .citation], [.fiveMinutes, .oneHour],
    ]

    /// Whether something can be counted by both classes, so that they overlap.
    func overlaps(_ other: UsageProperties) -> Bool {
        Self.alternatives.allSatisfy { group in
            let (left, right) = (intersection(group), other.intersection(group))
            return left.isEmpty || right.isEmpty || left == right
        } && !intersection(other).isEmpty
    }

    func isPart(of other: UsageProperties) -> Bool { isStrictSuperset(of: other) }

    /// Whether text, audio, images or video alone are counted.
    var hasModality: Bool { !isDisjoint(with: [.text, .audio, .image, .video]) }
}

extension UsageProperties {
    /// All classes whose properties are known, by name.
    static let known: [String: UsageProperties] = {
        var known: [String: UsageProperties] = [
            "input_tokens": [.tokens, .input],
            "output_tokens": [.tokens, .output],
            "reasoning_tokens": [.tokens, .output, .reasoning],
            "audio_seconds": [.seconds, .audio],
            "input_audio_seconds": [.seconds, .audio, .input],
            "output_audio_seconds": [.seconds, .audio, .output],
            "input_document_pages": [.pages, .input],
            "input_annotated_document_pages": [.pages, .input, .annotated],
        ]
        let modalities: [(String, UsageProperties)] = [
            ("", []), ("text_", .text), ("audio_", .audio), ("image_", .image), ("video_", .video),
        ]
        for (name, modality) in modalities {
            known["input_\(name)tokens"] = [.tokens, .input, modality]
            known["output_\(name)tokens"] = [.tokens, .output, modality]
            known["input_\(name)tool_tokens"] = [.tokens, .input, .tool, modality]
            known["output_\(name)reasoning_tokens"] = [.tokens, .output, .reasoning, modality]
            known["output_\(name)citation_tokens"] = [.tokens, .output, .citation, modality]
            known["cache_\(name)read_tokens"] = [.tokens, .input, .cacheRead, modality]
            known["cache_\(name)write_tokens"] = [.tokens, .input, .cacheWrite, modality]
            known["cache_\(name)write_5m_tokens"] = [.tokens, .input, .cacheWrite, .fiveMinutes, modality]
            known["cache_\(name)write_1h_tokens"] = [.tokens, .input, .cacheWrite, .oneHour, modality]
        }
        return known
    }()

    /// The class that has exactly these properties.
    static let classes: [UsageProperties: UsageClass] = {
        var classes: [UsageProperties: UsageClass] = [:]
        for (name, properties) in known where UsageClass(name).canonical.rawValue == name {
            classes[properties] = UsageClass(name)
        }
        return classes
    }()

    /// The classes that this one is directly a part of, the one without a modality or time to live first.
    var parents: [UsageClass] {
        let candidates: [UsageProperties] = [
            [.fiveMinutes, .oneHour], [.text, .audio, .image, .video], .annotated,
            [.cacheRead, .cacheWrite, .tool, .reasoning, .citation], [.input, .output],
        ]
        return candidates.compactMap { dropped in
            isDisjoint(with: dropped) ? nil : Self.classes[subtracting(dropped)]
        }
    }
}
