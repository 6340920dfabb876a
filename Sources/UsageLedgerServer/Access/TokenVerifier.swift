import Foundation
import JWTKit
import UsageLedger

/// Checks tokens of an identity provider (JWT, RFC 7519): signature, issuer, audience and times; takes the agent and the
/// role from their claims.
struct TokenVerifier: Sendable {
    private let keys: JWTKeyCollection
    private let rules: ServiceConfiguration.TokenRules

    /// - Throws: ``ConfigurationError`` where the keys cannot be read.
    init(_ rules: ServiceConfiguration.TokenRules) async throws {
        self.rules = rules
        do {
            let text = try String(contentsOfFile: rules.keyFile, encoding: .utf8)
            keys = try await JWTKeyCollection().add(jwksJSON: text)
        } catch {
            throw ConfigurationError("--jwt-keys: '\(rules.keyFile)' cannot be read as a JWKS")
        }
    }

    /// What a token lets do; nil where it is not valid.
    func access(_ token: String) async -> Access? {
        guard let claims = try? await keys.verify(token, as: TokenClaims.self),
            claims.issuer == rules.issuer, claims.audience.contains(rules.audience),
            let agent = claims.texts[rules.agentClaim], !agent.isEmpty
        else { return nil }
        let role = claims.texts[rules.roleClaim] ?? Role.read.rawValue
        guard let role = Role(rawValue: role) else { return nil }
        return Access(
            agent: agent == "*" ? nil : AgentID(agent), role: role, name: "token \(claims.subject ?? agent)")
    }
}
