import Foundation

/// What a backup says of itself, in the file `manifest.json` beside its `data.mdb`. It is written last: a directory without
/// one is no complete backup.
public struct BackupManifest: Hashable, Sendable {
    static let fileName = "manifest.json"
    static let formatVersion = 1

    /// The version of the tables, as in the table `meta`.
    public var ledgerFormat: Int
    /// The newest version of segments that the program wrote.
    public var segmentFormat: Int
    /// The length of `data.mdb` in bytes.
    public var sizeBytes: Int
    /// The CRC-32C of `data.mdb`, 8 hexadecimal digits.
    public var fileChecksum: String
    /// The last entry of the log.
    public var sequenceNumber: SequenceNumber
    /// The checksum of the log's last segment, which stands for all before it: 8 hexadecimal digits.
    public var logChecksum: String
    /// The digest of the views at the last entry, which verify prints: 32 hexadecimal digits.
    public var digest: String
    /// When the backup was made.
    public var madeAt: Timestamp

    /// One line of JSON.
    public var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("manifest", Self.formatVersion)
            writer.field("ledgerFormat", ledgerFormat)
            writer.field("segmentFormat", segmentFormat)
            writer.field("sizeBytes", sizeBytes)
            writer.field("fileChecksum", fileChecksum)
            writer.field("sequence", sequenceNumber.rawValue)
            writer.field("logChecksum", logChecksum)
            writer.field("digest", digest)
            writer.field("madeAt", "\(madeAt)")
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Writes the manifest into a backup's directory, synced, under its name only once it is whole.
    func write(into directory: String) throws(LedgerError) {
        let path = directory + "/" + Self.fileName
        let handle = try StoredFile.create(path + ".part")
        try StoredFile.write(Array((json + "\n").utf8), to: handle, path)
        try StoredFile.sync(path + ".part")
        try StoredFile.rename(path + ".part", to: path)
    }

    /// Reads the manifest of a backup.
    ///
    /// - Throws: ``LedgerError``: `damaged` where it is missing or malformed, `newerFormat`.
    init(readingFrom directory: String) throws(LedgerError) {
        let path = directory + "/" + Self.fileName
        guard let data = FileManager.default.contents(atPath: path) else {
            throw LedgerError(
                .damaged, "'\(directory)' has no \(Self.fileName): it is no complete backup; restore another one")
        }
        let malformed = LedgerError(.damaged, "'\(path)' is not the manifest of a backup; restore another one")
        guard data.count < 1 << 16, let value = try? JSONValue(parsing: [UInt8](data)) else { throw malformed }
        func number(_ key: String) -> Int? { value[key]?.decimal.flatMap { Int($0) } }
        guard let version = number("manifest") else { throw malformed }
        guard version <= Self.formatVersion else {
            throw LedgerError(
                .newerFormat, "'\(path)' has version \(version); this program reads version 1. Use a newer one")
        }
        guard let ledgerFormat = number("ledgerFormat"), let segmentFormat = number("segmentFormat"),
            let sizeBytes = number("sizeBytes"), let sequence = number("sequence"), sequence >= 0,
            let fileChecksum = value["fileChecksum"]?.text, let logChecksum = value["logChecksum"]?.text,
            let digest = value["digest"]?.text, let time = value["madeAt"]?.text,
            let madeAt = try? Timestamp(parsing: time)
        else { throw malformed }
        self.ledgerFormat = ledgerFormat
        self.segmentFormat = segmentFormat
        self.sizeBytes = sizeBytes
        self.fileChecksum = fileChecksum
        self.sequenceNumber = SequenceNumber(UInt64(sequence))
        self.logChecksum = logChecksum
        self.digest = digest
        self.madeAt = madeAt
    }

    init(
        sizeBytes: Int, fileChecksum: UInt32, tail: EventLog.Tail, digest: RowDigest, madeAt: Timestamp
    ) {
        ledgerFormat = Int(LedgerFiles.formatVersion)
        segmentFormat = Int(SegmentHeader.newestVersion)
        self.sizeBytes = sizeBytes
        self.fileChecksum = Self.hexadecimal(fileChecksum)
        sequenceNumber = tail.lastSequenceNumber
        logChecksum = Self.hexadecimal(tail.checksum)
        self.digest = digest.description
        self.madeAt = madeAt
    }

    static func hexadecimal(_ checksum: UInt32) -> String {
        let digits = String(checksum, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
