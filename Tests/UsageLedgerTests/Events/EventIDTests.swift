import Testing

@testable import UsageLedger

struct EventIDTests {
    @Test(
        arguments: [
            ("8c6e3f0a-1b2c-4d5e-8f90-a1b2c3d4e5f6", .uuid, 16), ("00000000-0000-0000-0000-000000000000", .uuid, 16),
            ("01J9ZQ4X5Y6Z7A8B9CADBECFDG", .ulid, 16), ("7ZZZZZZZZZZZZZZZZZZZZZZZZZ", .ulid, 16),
            ("8C6E3F0A-1B2C-4D5E-8F90-A1B2C3D4E5F6", .text, 36), ("8c6e3f0a-1b2c-4d5e-8f90-a1b2c3d4e5fg", .text, 36),
            ("8c6e3f0a+1b2c-4d5e-8f90-a1b2c3d4e5f6", .text, 36), ("8ZZZZZZZZZZZZZZZZZZZZZZZZZ", .text, 26),
            ("01j9zq4x5y6z7a8b9cadbecfdg", .text, 26), ("01J9ZQ4X5Y6Z7A8B9CADBECFDI", .text, 26), ("e-1", .text, 3),
            ("é", .text, 2),
            ("8c6e3f0a-1b2c-4d5e-8f90-a1b2c3d4e5é", .text, 36),
        ] as [(String, StoredEventID.Form, Int)])
    func `an id is kept in its one stored form and comes back as it was`(
        _ text: String, _ form: StoredEventID.Form, _ byteCount: Int
    ) {
        let stored = StoredEventID(EventID(text))
        #expect(stored.form == form)
        #expect(stored.bytes.count == byteCount)
        #expect(Array(stored.id.rawValue.utf8) == Array(text.utf8))
    }

    @Test func `a generated id is a UUID version 7 of its moment`() throws {
        let time = try Timestamp(parsing: "2026-11-01T12:00:00.123Z")
        let id = EventID.generated(at: time)
        let text = Array(id.rawValue.utf8)
        #expect(StoredEventID(id).form == .uuid)
        #expect(text[14] == UInt8(ascii: "7"))
        #expect([UInt8]("89ab".utf8).contains(text[19]))
        #expect(UInt64(id.rawValue.prefix(13).filter { $0 != "-" }, radix: 16) == 1_793_534_400_123)
        #expect(EventID.generated(at: time) != id)
        #expect(id < EventID.generated(at: time.adding(seconds: 1)))
    }

    @Test func `ids and names are compared by their bytes, not by how they look`() {
        let composed = AgentID("caf\u{E9}")
        let decomposed = AgentID("cafe\u{301}")
        #expect(composed.rawValue == decomposed.rawValue)  // to String they are one
        #expect(composed != decomposed)
        #expect(decomposed < composed)
        #expect(!(composed < decomposed))
        #expect(Set([composed, decomposed]).count == 2)
        #expect([composed: 1][decomposed] == nil)
        #expect(EventID("\u{1E69}") != EventID("s\u{323}\u{307}"))
        #expect(EventID("s\u{307}\u{323}") != EventID("s\u{323}\u{307}"))  // as many bytes, in another order
        #expect(AgentID("z") < AgentID("é"))
        #expect(AgentID("a") == AgentID("a"))
        #expect(AgentID("a").hashValue == AgentID(rawValue: "a").hashValue)
    }
}
