import Configuration
import Foundation

/// Reads settings from flags, then the environment, then a file: what is found first holds.
struct SettingReader {
    private let reader: ConfigReader
    private let environment: [String: String]

    /// - Throws: ``ConfigurationError`` for an unknown flag, a flag without its value, or a file that cannot be read.
    init(arguments: [String], environment: [String: String]) async throws {
        try Self.check(arguments)
        self.environment = environment
        let variables = EnvironmentVariablesProvider(environmentVariables: environment)
            .prefixKeys(with: ["usage", "ledger", "server"])
        let flags = CommandLineArgumentsProvider(arguments: ["usage-ledger-server"] + arguments)
        let first = ConfigReader(providers: [flags, variables])
        guard let file = first.string(forKey: "config") else {
            reader = first
            return
        }
        do {
            let settings = try await FileProvider<JSONSnapshot>(
                config: ConfigReader(provider: InMemoryProvider(values: ["filePath": .init(stringLiteral: file)])))
            reader = ConfigReader(providers: [flags, variables, settings])
        } catch {
            throw ConfigurationError("the file '\(file)' cannot be read as JSON settings")
        }
    }

    /// Flags are looked up by name: a misspelled one would pass unnoticed.
    private static func check(_ arguments: [String]) throws(ConfigurationError) {
        let settings = Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.flag, $0) })
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let setting = settings[String(parts[0])] else {
                throw ConfigurationError("'\(argument.prefix(60))' is not a flag; see --help")
            }
            if case .flag = setting.kind {
                guard parts.count == 1 else { throw ConfigurationError("\(setting.flag) takes no value") }
                continue
            }
            if parts.count == 2 { continue }
            guard let value = rest.popFirst(), !value.hasPrefix("--") else {
                throw ConfigurationError("\(setting.flag) needs a value")
            }
        }
    }

    /// The value that was set, or the standard one.
    func text(_ key: String) throws(ConfigurationError) -> String? {
        guard let setting = Setting.all.first(where: { $0.key == key }) else {
            preconditionFailure("'\(key)' is not a setting")
        }
        let name = ConfigKey(key)
        if let text = reader.string(forKey: name) { return text }
        // A file may have numbers and booleans as such.
        if let number = reader.int(forKey: name) { return String(number) }
        if let flag = reader.bool(forKey: name) { return flag ? "true" : "false" }
        if key == "ledger", let directory = environment["USAGE_LEDGER"], !directory.isEmpty { return directory }
        return setting.standard
    }

    func required(_ key: String) throws(ConfigurationError) -> String {
        guard let text = try text(key), !text.isEmpty else { throw ConfigurationError("\(key) is empty") }
        return text
    }

    /// A whole number within its setting's bounds.
    func number(_ key: String) throws(ConfigurationError) -> Int {
        let text = try required(key)
        guard let setting = Setting.all.first(where: { $0.key == key }), case .number(let bounds) = setting.kind else {
            preconditionFailure("'\(key)' is not a number")
        }
        guard let number = Int(text), bounds.contains(number) else {
            throw ConfigurationError(
                "\(setting.flag): '\(text.prefix(40))' is not between \(bounds.lowerBound) and \(bounds.upperBound)")
        }
        return number
    }

    func flag(_ key: String) throws(ConfigurationError) -> Bool {
        switch try text(key) {
        case nil, "false", "0": return false
        case "true", "1", "": return true
        case let text?: throw ConfigurationError("\(key): '\(text.prefix(40))' is neither true nor false")
        }
    }
}
