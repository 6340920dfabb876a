import Crypto
import Foundation
public import UsageLedger

/// A key as it is stored: who it is for, and a salted hash of its secret.
public struct AccessKey: Sendable {
    /// Names the key where it is listed and revoked; part of the key itself.
    public var id: String
    /// The one agent that it lets see; nil for all.
    public var agent: AgentID?
    /// What it lets do.
    public var role: Role
    /// When it was made.
    public var created: Timestamp
    private var salt: [UInt8]
    private var hash: [UInt8]

    /// A key with a secret of 256 random bits.
    ///
    /// - Returns: the key to store, and the text to show once: `ul_ID_SECRET`.
    static func make(agent: AgentID?, role: Role, now: Timestamp) -> (key: AccessKey, text: String) {
        var generator = SystemRandomNumberGenerator()
        func random(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        }
        let id = random(8).hex
        let secret = random(32).hex
        let salt = random(16)
        let key = AccessKey(
            id: id, agent: agent, role: role, created: now, salt: salt, hash: hash(secret: secret, salt: salt))
        return (key, "ul_\(id)_\(secret)")
    }

    /// The id and the secret in a key's text.
    static func parts(of text: String) -> (id: String, secret: String)? {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "ul", parts[1].utf8.count == 16, parts[2].utf8.count == 64 else {
            return nil
        }
        return (String(parts[1]), String(parts[2]))
    }

    /// Whether `secret` is this key's, in a time that does not depend on where it differs.
    func matches(secret: String) -> Bool {
        let other = Self.hash(secret: secret, salt: salt)
        var difference: UInt8 = 0
        for (left, right) in zip(hash, other) { difference |= left ^ right }
        return difference == 0 && hash.count == other.count
    }

    /// One round is enough: the secret is random, not a password that could be guessed.
    private static func hash(secret: String, salt: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: Data(salt + Array(secret.utf8))))
    }
}

extension AccessKey {
    var document: StoreDocument {
        StoreDocument { writer in
            writer.field("agent", agent)
            writer.field("role", role.rawValue)
            writer.field("created", created.description)
            writer.field("salt", salt.hex)
            writer.field("hash", hash.hex)
        }
    }

    init(id: String, _ document: StoreDocument) throws {
        guard let role = Role(rawValue: try document.text("role")), let salt = [UInt8](hex: try document.text("salt")),
            let hash = [UInt8](hex: try document.text("hash"))
        else { throw ConfigurationError("the key \(id) in the service's store is damaged; revoke it") }
        self.init(
            id: id, agent: document.optionalText("agent").map(AgentID.init(rawValue:)), role: role,
            created: try Timestamp(parsing: try document.text("created")), salt: salt, hash: hash)
    }
}

extension [UInt8] {
    /// Two lower-case digits a byte.
    var hex: String {
        var text = ""
        for byte in self {
            text += byte < 16 ? "0" : ""
            text += String(byte, radix: 16)
        }
        return text
    }

    init?(hex: String) {
        let digits = Array(hex.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        self = bytes
    }
}
