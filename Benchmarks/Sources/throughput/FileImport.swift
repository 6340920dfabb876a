/// How fast a file was imported, from the start of the program to its end.
struct FileImport {
    /// `ndjson` or `csv`.
    var format: String
    var events: Int
    var bytes: Int
    var eventsPerSecond: Double
}
