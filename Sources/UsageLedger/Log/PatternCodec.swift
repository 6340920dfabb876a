import LMDB

/// The bytes of model patterns: one that says which, then its text.
enum PatternCodec {
    static func encode(_ pattern: ModelPattern, into bytes: inout [UInt8]) {
        switch pattern {
        case .exact(let name): encode(1, name.rawValue, into: &bytes)
        case .prefix(let prefix): encode(2, prefix, into: &bytes)
        case .containing(let part): encode(3, part, into: &bytes)
        case .any: bytes.append(4)
        case .suffix(let suffix): encode(5, suffix, into: &bytes)
        case .regularExpression(let source): encode(6, source, into: &bytes)
        case .all(let patterns):
            bytes.append(7)
            encode(patterns, into: &bytes)
        }
    }

    private static func encode(_ code: UInt8, _ text: String, into bytes: inout [UInt8]) {
        bytes.append(code)
        bytes.appendText(text)
    }

    static func encode(_ patterns: [ModelPattern], into bytes: inout [UInt8]) {
        bytes.appendVarint(UInt64(patterns.count))
        for pattern in patterns { encode(pattern, into: &bytes) }
    }

    /// Reads a pattern; nil where 0 stands for none.
    static func decodeIfAny(
        _ bytes: RawSpan, _ position: inout Int, depth: Int = 0
    ) throws(CodecFailure) -> ModelPattern? {
        switch try bytes.readByte(&position) {
        case 0: return nil
        case 1: return .exact(ModelName(try bytes.readText(&position)))
        case 2: return .prefix(try bytes.readText(&position))
        case 3: return .containing(try bytes.readText(&position))
        case 4: return .any
        case 5: return .suffix(try bytes.readText(&position))
        case 6: return .regularExpression(try bytes.readText(&position))
        case 7:
            guard depth < 8 else { throw .invalidValue("model pattern") }
            return .all(try decodeAll(bytes, &position, depth: depth + 1))
        default: throw .invalidValue("model pattern")
        }
    }

    static func decodeAll(
        _ bytes: RawSpan, _ position: inout Int, depth: Int = 0
    ) throws(CodecFailure) -> [ModelPattern] {
        let count = try bytes.readVarint(&position)
        guard count <= UInt64(Limits.patternsPerRate) else { throw .invalidValue("count of patterns") }
        var patterns: [ModelPattern] = []
        for _ in 0..<count {
            guard let pattern = try decodeIfAny(bytes, &position, depth: depth) else {
                throw .invalidValue("model pattern")
            }
            patterns.append(pattern)
        }
        return patterns
    }
}
