extension Setting {
    /// Everything that can be set, in the order of the help.
    static let all: [Setting] = [
        Setting(key: "ledger", kind: .text, standard: "usage.ledger", help: "The ledger's directory."),
        Setting(
            key: "config", kind: .text, standard: nil,
            help: "A JSON file with settings by the names in brackets; flags and variables prevail over it."),
        Setting(key: "host", kind: .text, standard: "127.0.0.1", help: "The address to listen on."),
        Setting(
            key: "port", kind: .number(0...65_535), standard: "8080",
            help: "The port to listen on; 0 takes a free one and logs it."),
        Setting(
            key: "tlsCertificate", kind: .text, standard: nil,
            help: "A PEM file with the certificate and those that lead to its root; needs --tls-key."),
        Setting(key: "tlsKey", kind: .text, standard: nil, help: "A PEM file with the certificate's private key."),
        Setting(
            key: "logLevel", kind: .text, standard: "info",
            help: "trace, debug, info, notice, warning, error or critical."),
        Setting(
            key: "jwtKeys", kind: .text, standard: nil,
            help: "A JWKS file with the keys of an identity provider, whose tokens are then taken, too."),
        Setting(key: "jwtIssuer", kind: .text, standard: nil, help: "The issuer (iss) that tokens must have."),
        Setting(key: "jwtAudience", kind: .text, standard: nil, help: "The audience (aud) that tokens must have."),
        Setting(
            key: "jwtAgentClaim", kind: .text, standard: "agent",
            help: "The claim that names a token's agent; `*` in it means all agents."),
        Setting(
            key: "jwtRoleClaim", kind: .text, standard: "role",
            help: "The claim with a token's role: read, ingest or admin; without it read."),
        Setting(
            key: "maxBodyBytes", kind: .number(1...(1 << 40)), standard: "67108864",
            help: "The largest request body, after gzip is undone. NDJSON has no limit but that of a line."),
        Setting(
            key: "maxLineBytes", kind: .number(64...(1 << 24)), standard: "1048576",
            help: "The longest line of NDJSON."),
        Setting(
            key: "maxHeaderBytes", kind: .number(1024...(1 << 20)), standard: "16384",
            help: "All header fields of a request together."),
        Setting(
            key: "maxUrlBytes", kind: .number(64...(1 << 16)), standard: "8192", help: "The longest path with query."),
        Setting(
            key: "maxRangeDays", kind: .number(1...3_000_000), standard: "3660",
            help: "The most days between startDate and endDate, and of trends."),
        Setting(
            key: "maxConnections", kind: .number(1...1_000_000), standard: "1024",
            help: "Connections at a time; more wait to be accepted."),
        Setting(
            key: "maxRequestsPerSecond", kind: .number(1...10_000_000), standard: "50000",
            help: "Requests a second of one key; more get 429 with Retry-After."),
        Setting(
            key: "maxStreams", kind: .number(0...100_000), standard: "256",
            help: "Live streams at a time; more get 429 with Retry-After."),
        Setting(
            key: "maxStreamSeconds", kind: .number(0...31_536_000), standard: "86400",
            help:
                "How long a live stream lasts; it ends with the next event or beat (every 15 seconds) behind that, and "
                + "its client comes back with Last-Event-ID. 0 ends it after what is known already."),
        Setting(
            key: "maxWaitingEvents", kind: .number(1...100_000_000), standard: "100000",
            help: "Events that may wait for the disk at a time; more get 503 with Retry-After."),
        Setting(
            key: "idleSeconds", kind: .number(1...86_400), standard: "60",
            help: "After how long a connection that sends nothing, or does not take its answer, is cut off."),
        Setting(
            key: "minBytesPerSecond", kind: .number(0...(1 << 30)), standard: "100",
            help: "A request's body that brings less than this, on average over the time of --idle-seconds that it is "
                + "waited for, is cut off; 0 takes any."),
        Setting(
            key: "drainSeconds", kind: .number(1...86_400), standard: "30",
            help: "How long requests under way may take after SIGTERM."),
        Setting(
            key: "allowPrivateWebhooks", kind: .flag, standard: nil,
            help: "Deliver webhooks to loopback, private and link-local addresses, too."),
    ]

    /// All settings, for `--help`.
    public static var help: String {
        var text = ""
        for setting in all {
            let value =
                switch setting.kind {
                case .text: " <text>"
                case .number: " <number>"
                case .flag: ""
                }
            text += "  \(setting.flag)\(value)\n      \(setting.help)"
            if let standard = setting.standard { text += " (default: \(standard))" }
            text += " [\(setting.key)]\n"
        }
        return text
            + "\nEach can also be set by a variable: USAGE_LEDGER_SERVER_ and the flag's name in capitals, such as\n"
            + "\(all[3].variable). USAGE_LEDGER names the ledger where nothing else does.\n"
    }
}
