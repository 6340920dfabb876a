import Testing

@testable import UsageLedger
@testable import ledger_campaign

@Suite(.bounded) struct ChecksumTests {
    private static let ramp = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }

    @Test(
        arguments: [
            ([UInt8](repeating: 0, count: 32), 0x8A91_36AA), ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
            (Array(0..<32), 0x46DD_794E), ((0..<32).reversed(), 0x113F_DB5C), (Array("123456789".utf8), 0xE306_9283),
            ([], 0),
        ] as [([UInt8], UInt32)])
    func `CRC-32C gives the values of RFC 3720`(_ bytes: [UInt8], _ expected: UInt32) {
        var crc = CRC32C()
        crc.update(bytes.span.bytes)
        #expect(crc.value == expected)
    }

    @Test func `CRC-32C does not depend on how its bytes are cut`() {
        var whole = CRC32C()
        whole.update(Self.ramp.span.bytes)
        for cut in [0, 1, 7, 8, 9, 500, 999, 1000] {
            var parts = CRC32C()
            parts.update(Array(Self.ramp[..<cut]).span.bytes)
            parts.update(Array(Self.ramp[cut...]).span.bytes)
            #expect(parts.value == whole.value, "cut at \(cut)")
        }
    }

    @Test func `the processor's CRC-32C is the one from tables`() {
        var random = SeededRandom(seed: 32)
        for count in Array(0..<40) + [4096, 65_521] {
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            var fast = CRC32C()
            fast.update(bytes.span.bytes)
            var slow = CRC32C()
            slow.updateFromTables(bytes.span.bytes)
            #expect(fast.value == slow.value, "\(count) bytes")
        }
    }

    /// The first three are published with xxHash; the others are from its reference implementation, 0.8.
    @Test(
        arguments: [
            ("", 0, 0xEF46_DB37_51D8_E999), ("a", 0, 0xD24E_C4F1_A98C_6E5B), ("abc", 0, 0x44BC_2CF5_AD77_0999),
            ("", 1, 0xD5AF_BA13_36A3_BE4B), ("a", 1, 0xDEC2_BC81_C3CD_46C6), ("abcd", 0, 0xDE03_27B0_D25D_92CC),
            ("abcdefgh", 0, 0x3AD3_5177_5B46_34B7), ("abcdefghijkl", 1, 0x0864_D2AA_7E89_BD8B),
        ] as [(String, UInt64, UInt64)])
    func `XXH64 gives the published values`(_ text: String, _ seed: UInt64, _ expected: UInt64) {
        #expect(Hash64.hash(Array(text.utf8).span.bytes, seed: seed) == expected)
    }

    @Test(
        arguments: [
            (31, 0, 0xC346_D2B5_9B4D_8EE1), (32, 0, 0xCBF5_9C51_16FF_32B4), (33, 1, 0xA371_825F_4210_FE99),
            (64, .max, 0x79E8_B823_0306_E25C), (1000, 7, 0xD32E_B2D2_D410_96DB),
        ] as [(Int, UInt64, UInt64)])
    func `XXH64 gives the reference's values on both sides of its stripe`(
        _ count: Int, _ seed: UInt64, _ expected: UInt64
    ) {
        #expect(Hash64.hash(Array(Self.ramp[..<count]).span.bytes, seed: seed) == expected)
    }
}
