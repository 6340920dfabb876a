/// Which models are meant. Names are compared without regard to the case of ASCII letters: gateways differ in it.
///
/// Of several patterns that fit, the most specific wins: an exact name, then a regular expression, then the longest prefix
/// or suffix, then a part of the name, then any.
public enum ModelPattern: Hashable, Sendable {
    case exact(ModelName)
    case prefix(String)
    case suffix(String)
    case containing(String)
    /// A regular expression that is searched for in the name, which is in lower case.
    case regularExpression(String)
    /// All of these at once; as specific as the most specific of them.
    case all([ModelPattern])
    case any

    /// Whether a model is meant; no model, only by ``any``.
    public func matches(_ model: ModelName?) -> Bool {
        guard let model else { return self == .any }
        return matches(lowercased: ASCII.lowercased(model.rawValue))
    }

    func matches(lowercased model: String) -> Bool {
        switch self {
        case .exact(let name): return ASCII.lowercased(name.rawValue).utf8.elementsEqual(model.utf8)
        case .prefix(let prefix): return model.utf8.starts(with: ASCII.lowercased(prefix).utf8)
        case .suffix(let suffix): return model.utf8.reversed().starts(with: ASCII.lowercased(suffix).utf8.reversed())
        case .containing(let part): return model.utf8.contains(subsequence: ASCII.lowercased(part).utf8)
        case .regularExpression(let source):
            guard let expression = try? Regex(source).ignoresCase() else { return false }
            return (try? expression.firstMatch(in: model)) != nil
        case .all(let patterns): return patterns.allSatisfy { $0.matches(lowercased: model) }
        case .any: return true
        }
    }

    /// Higher is more specific.
    var specificity: Int {
        switch self {
        case .exact: 1 << 20
        case .regularExpression: 1 << 15
        case .prefix(let text), .suffix(let text): 1 << 10 + text.utf8.count
        case .containing: 1
        case .all(let patterns): patterns.lazy.map(\.specificity).max() ?? 0
        case .any: 0
        }
    }
}

/// Letters A to Z and no others: names of models and providers are ASCII but for curiosities, which compare as they are.
enum ASCII {
    static func lowercased(_ text: String) -> String {
        guard text.utf8.contains(where: { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }) else { return text }
        return String(
            decoding: text.utf8.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}

extension Collection where Element: Equatable {
    fileprivate func contains(subsequence other: some Collection<Element>) -> Bool {
        var start = startIndex
        while true {
            if self[start...].starts(with: other) { return true }
            guard start != endIndex else { return false }
            formIndex(after: &start)
        }
    }
}
