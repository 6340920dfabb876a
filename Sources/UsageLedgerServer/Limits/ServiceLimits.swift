/// What one caller may ask of the service at most. Each has a flag; the standard values are those of ``Setting``.
struct ServiceLimits: Sendable {
    var bodyBytes: Int
    var lineBytes: Int
    var headerBytes: Int
    var urlBytes: Int
    var rangeDays: Int
    var connections: Int
    var requestsPerSecond: Int
    var streams: Int
    var streamSeconds: Int
    var waitingEvents: Int
    var idleSeconds: Int
    var minBytesPerSecond: Int

    init(_ settings: SettingReader) throws(ConfigurationError) {
        bodyBytes = try settings.number("maxBodyBytes")
        lineBytes = try settings.number("maxLineBytes")
        headerBytes = try settings.number("maxHeaderBytes")
        urlBytes = try settings.number("maxUrlBytes")
        rangeDays = try settings.number("maxRangeDays")
        connections = try settings.number("maxConnections")
        requestsPerSecond = try settings.number("maxRequestsPerSecond")
        streams = try settings.number("maxStreams")
        streamSeconds = try settings.number("maxStreamSeconds")
        waitingEvents = try settings.number("maxWaitingEvents")
        idleSeconds = try settings.number("idleSeconds")
        minBytesPerSecond = try settings.number("minBytesPerSecond")
    }
}
