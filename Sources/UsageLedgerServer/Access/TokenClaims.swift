import Foundation
import JWTKit

/// The claims of a token: those that have a meaning to everybody, and all that are text.
struct TokenClaims: JWTPayload {
    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    var issuer: String?
    var subject: String?
    var audience: [String]
    var expires: Double?
    var notBefore: Double?
    /// Claims whose value is text.
    var texts: [String: String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        issuer = try container.decodeIfPresent(String.self, forKey: Name("iss"))
        subject = try container.decodeIfPresent(String.self, forKey: Name("sub"))
        expires = try container.decodeIfPresent(Double.self, forKey: Name("exp"))
        notBefore = try container.decodeIfPresent(Double.self, forKey: Name("nbf"))
        if let several = try? container.decode([String].self, forKey: Name("aud")) {
            audience = several
        } else {
            audience = try container.decodeIfPresent(String.self, forKey: Name("aud")).map { [$0] } ?? []
        }
        texts = [:]
        for name in container.allKeys {
            if let text = try? container.decode(String.self, forKey: name) { texts[name.stringValue] = text }
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        for (name, text) in texts { try container.encode(text, forKey: Name(name)) }
        try container.encodeIfPresent(expires, forKey: Name("exp"))
        try container.encodeIfPresent(notBefore, forKey: Name("nbf"))
    }

    /// A token without an end is refused: it could never be taken back.
    func verify(using algorithm: some JWTAlgorithm) throws {
        let now = Date().timeIntervalSince1970
        guard let expires, now < expires else {
            throw JWTError.claimVerificationFailure(failedClaim: nil, reason: "expired")
        }
        if let notBefore, now < notBefore {
            throw JWTError.claimVerificationFailure(failedClaim: nil, reason: "not valid yet")
        }
    }
}
