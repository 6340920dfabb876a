/// One thing about the service that can be set, by a flag, by a variable of the environment, or in a file.
public struct Setting: Sendable {
    /// What a value must look like.
    enum Kind: Sendable {
        case text
        /// A whole number within bounds.
        case number(ClosedRange<Int>)
        /// Present or absent as a flag; `true` or `false` elsewhere.
        case flag
    }

    /// As the file names it: `maxBodyBytes`.
    var key: String
    var kind: Kind
    /// What holds where nothing is set; nil for something that is off then.
    var standard: String?
    var help: String

    /// As a flag: `--max-body-bytes`.
    var flag: String { "--" + words.joined(separator: "-") }

    /// As a variable of the environment: `USAGE_LEDGER_SERVER_MAX_BODY_BYTES`.
    var variable: String { "USAGE_LEDGER_SERVER_" + words.joined(separator: "_").uppercased() }

    private var words: [String] {
        var words = [""]
        for character in key {
            if character.isUppercase { words.append("") }
            words[words.count - 1] += character.lowercased()
        }
        return words
    }
}
