import Testing

@testable import UsageLedger
@testable import ledger_campaign

struct TimestampTests {
    @Test(arguments: [
        ("2026-11-01T12:00:00.123Z", "2026-11-01T12:00:00.123Z"), ("2026-11-01T12:00:00Z", "2026-11-01T12:00:00Z"),
        ("2026-11-01 12:00", "2026-11-01T12:00:00Z"), ("2026-11-01", "2026-11-01T00:00:00Z"),
        ("2026-11-01t12:00:00.5z", "2026-11-01T12:00:00.500Z"), ("2026-11-01T12:00:00,25", "2026-11-01T12:00:00.250Z"),
        ("2026-11-01T12:00:00.123456Z", "2026-11-01T12:00:00.123456Z"),
        ("2026-11-01T12:00:00.123456789Z", "2026-11-01T12:00:00.123456789Z"),
        ("2026-11-01T12:00:00.000000001Z", "2026-11-01T12:00:00.000000001Z"),
        ("2026-11-01T00:00:00+05:30", "2026-10-31T18:30:00Z"), ("2026-11-01T00:00:00-0800", "2026-11-01T08:00:00Z"),
        ("2026-11-01T00:00:00+14", "2026-10-31T10:00:00Z"), ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
        ("1678-01-01", "1678-01-01T00:00:00Z"), ("2261-12-31T23:59:59Z", "2261-12-31T23:59:59Z"),
    ])
    func `a time is read to the nanosecond and written in UTC`(_ text: String, _ written: String) throws {
        let time = try Timestamp(parsing: text)
        #expect(time.description == written)
        #expect(try Timestamp(parsing: written) == time)
    }

    @Test(arguments: [
        "", "now", "2026", "2026-11", "2026-11-01T", "2026-11-01T12", "2026-11-01T12:", "2026-11-01T24:00:00Z",
        "2026-11-01T12:60:00Z", "2026-11-01T12:00:60Z", "2026-11-01T12:00:00.Z", "2026-11-01T12:00:00.1234567890Z",
        "2026-11-01T12:00:00X", "2026-11-01T12:00:00ZZ", "2026-11-01T12:00:00+", "2026-11-01T12:00:00+5",
        "2026-11-01T12:00:00+19:00", "2026-11-01T12:00:00+05:60", "2026-11-01T12:00:00+05:3", "2026-02-30T00:00:00Z",
        "1677-01-01", "2262-01-01", "9999-12-31T00:00:00Z", "-2026-11-01T12:00:00Z", "2026-11-01  12:00", "1793534400",
        "2026-11-01T12:00:00Z\u{0}", "1678-01-01T00:00+00:01", "2261-12-31T23:59:59-00:01",
    ])
    func `what is no time is refused`(_ text: String) {
        let error = #expect(throws: LedgerError.self) { try Timestamp(parsing: text) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.field == "time")
    }

    @Test func `random moments survive being written and read`() throws {
        let seed: UInt64 = 17
        var random = SeededRandom(seed: seed)
        for _ in 0..<5000 {
            let time = Timestamp(
                nanosecondsSinceEpoch: Int64.random(
                    in: -9_000_000_000_000_000_000...9_000_000_000_000_000_000, using: &random))
            #expect(try Timestamp(parsing: time.description) == time, "seed \(seed), \(time)")
        }
    }

    @Test func `the first and the last moment can be written, and adding stops at them`() {
        let first = Timestamp(nanosecondsSinceEpoch: .min)
        let last = Timestamp(nanosecondsSinceEpoch: .max)
        #expect(first.description == "1677-09-21T00:12:43.145224192Z")
        #expect(last.description == "2262-04-11T23:47:16.854775807Z")
        #expect(last.adding(seconds: 1) == last)
        #expect(first.adding(seconds: -1) == first)
        #expect(first.adding(seconds: .max) == last)
    }
}
