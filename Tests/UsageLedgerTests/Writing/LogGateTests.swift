import Testing

@testable import UsageLedger

@Suite(.bounded) struct LogGateTests {
    @Test func `one line a second goes through and says how many did not`() {
        let gate = LogGate()
        let start = Timestamp(secondsSinceEpoch: 1_793_534_400)
        #expect(gate.admit(at: start) == 0)
        #expect(gate.admit(at: start) == nil)
        #expect(gate.admit(at: Timestamp(nanosecondsSinceEpoch: start.nanosecondsSinceEpoch + 999_999_999)) == nil)
        #expect(gate.admit(at: start.adding(seconds: 1)) == 2)
        #expect(gate.admit(at: start.adding(seconds: 2)) == 0)
        #expect(gate.admit(at: start.adding(seconds: -3600)) == 0, "a clock that went back does not silence the log")
    }
}
