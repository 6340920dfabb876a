import CChecksum

extension RawSpan {
    /// Feeds the bytes to a CRC-32C whose state is given, by the processor's own instructions; nil where it has none; O(n).
    package func crc32c(_ state: UInt32) -> UInt32? {
        guard Self.hasCRC32C else { return nil }
        return unsafe withUnsafeBytes { bytes in unsafe checksum_crc32c(state, bytes.baseAddress, bytes.count) }
    }

    private static let hasCRC32C = checksum_has_crc32c() != 0
}
