public import Logging

/// How the service runs.
public struct ServiceConfiguration: Sendable {
    /// Certificate files of TLS.
    struct TLSFiles: Sendable {
        var certificate: String
        var key: String
    }

    /// What tokens of an identity provider must say.
    struct TokenRules: Sendable {
        var keyFile: String
        var issuer: String
        var audience: String
        var agentClaim: String
        var roleClaim: String
    }

    /// The ledger's directory.
    public var ledger: String
    /// The address to listen on.
    public var host: String
    /// The port to listen on; 0 for a free one.
    public var port: Int
    /// The least important lines that are logged.
    public var logLevel: Logger.Level
    var tls: TLSFiles?
    var tokens: TokenRules?
    var limits: ServiceLimits
    var allowsPrivateWebhooks: Bool
    var drainSeconds: Int

    /// Reads the settings.
    ///
    /// - Throws: ``ConfigurationError`` naming the setting at fault.
    public init(arguments: [String], environment: [String: String]) async throws {
        let settings = try await SettingReader(arguments: arguments, environment: environment)
        ledger = try settings.required("ledger")
        host = try settings.required("host")
        port = try settings.number("port")
        let level = try settings.required("logLevel")
        guard let logLevel = Logger.Level(rawValue: level) else {
            throw ConfigurationError("--log-level: '\(level.prefix(40))' is not a level of logging")
        }
        self.logLevel = logLevel
        limits = try ServiceLimits(settings)
        allowsPrivateWebhooks = try settings.flag("allowPrivateWebhooks")
        drainSeconds = try settings.number("drainSeconds")
        switch (try settings.text("tlsCertificate"), try settings.text("tlsKey")) {
        case (nil, nil): break
        case (let certificate?, let key?): tls = TLSFiles(certificate: certificate, key: key)
        default: throw ConfigurationError("--tls-certificate and --tls-key go together")
        }
        tokens = try Self.tokenRules(settings)
    }

    private static func tokenRules(_ settings: SettingReader) throws(ConfigurationError) -> TokenRules? {
        let issuer = try settings.text("jwtIssuer")
        let audience = try settings.text("jwtAudience")
        guard let keyFile = try settings.text("jwtKeys") else {
            guard issuer == nil, audience == nil else {
                throw ConfigurationError("--jwt-issuer and --jwt-audience need --jwt-keys")
            }
            return nil
        }
        guard let issuer, let audience else {
            throw ConfigurationError("--jwt-keys needs --jwt-issuer and --jwt-audience")
        }
        return TokenRules(
            keyFile: keyFile, issuer: issuer, audience: audience, agentClaim: try settings.required("jwtAgentClaim"),
            roleClaim: try settings.required("jwtRoleClaim"))
    }

    /// Whether only this machine can reach the service.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}
