import Logging

/// Shows what the engine warns of as a line on standard error. What makes a command fail is the command's to tell.
struct WarningLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        guard event.level < .critical else { return }
        StandardError.write("warning: \(event.message)")
    }
}
