import Crypto
import Foundation
import Synchronization
import UsageLedger

/// Makes cookies of keys and reads them again.
///
/// A cookie holds its key sealed (AES-GCM) under a secret of this process: nothing is kept here for it, it can be neither read
/// nor made elsewhere, and none outlives the process.
final class PageSessions: Sendable {
    static let cookie = "usage_ledger_session"
    static let seconds: Int64 = 12 * 3600
    /// What of a cookie is looked at: browsers keep 4,096 bytes of one (RFC 6265).
    private static let cookieBytes = 4096

    private let secret = SymmetricKey(size: .bits256)
    /// Sessions that were logged out of, until they would have ended: who has the cookie still cannot use it.
    private let ended = Mutex<[String: Int64]>([:])

    /// The cookie's value for somebody who gave `key`; nil for one that no cookie can hold.
    func begin(key: String, at now: Timestamp) -> String? {
        var generator = SystemRandomNumberGenerator()
        let id = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }.hex
        let text = "\(id) \(now.secondsSinceEpoch + Self.seconds) \(key)"
        guard let sealed = try? AES.GCM.seal(Data(text.utf8), using: secret).combined else { return nil }
        let value = sealed.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
        return value.utf8.count > Self.cookieBytes - 100 ? nil : value
    }

    /// The session of a cookie's value; nil for one that is not ours, has ended, or was logged out of.
    func session(_ cookie: String, at now: Timestamp) -> PageSession? {
        guard cookie.utf8.count <= Self.cookieBytes else { return nil }
        var text = cookie.replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: text), let box = try? AES.GCM.SealedBox(combined: data),
            let opened = try? AES.GCM.open(box, using: secret)
        else { return nil }
        let parts = String(decoding: opened, as: UTF8.self).split(separator: " ", maxSplits: 2).map(String.init)
        guard parts.count == 3, let endsAt = Int64(parts[1]), endsAt > now.secondsSinceEpoch,
            ended.withLock({ $0[parts[0]] == nil })
        else { return nil }
        return PageSession(id: parts[0], key: parts[2], endsAt: endsAt)
    }

    /// Ends a session before its time.
    func end(_ session: PageSession, at now: Timestamp) {
        ended.withLock { ended in
            ended = ended.filter { $0.value > now.secondsSinceEpoch }
            ended[session.id] = session.endsAt
        }
    }

    /// What the forms of a session carry, so that no other site can send one in its name.
    func formToken(_ session: PageSession?) -> String {
        Array(HMAC<SHA256>.authenticationCode(for: Self.formBytes(session), using: secret)).hex
    }

    /// Whether a form is of this session, in a time that does not depend on where its token differs.
    func accepts(formToken: String, of session: PageSession?) -> Bool {
        guard let code = [UInt8](hex: formToken) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Self.formBytes(session), using: secret)
    }

    private static func formBytes(_ session: PageSession?) -> Data { Data("form \(session?.id ?? "local")".utf8) }
}

extension Timestamp {
    var secondsSinceEpoch: Int64 { nanosecondsSinceEpoch / 1_000_000_000 }
}
