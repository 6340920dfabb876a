import Testing

@testable import UsageLedger

struct MoneyTests {
    @Test func `amounts add up exactly`() throws {
        let line: Money = "0.00003"
        let sum = (0..<100_000).reduce(into: Money.zero) { sum, _ in sum += line }
        #expect(sum == 3)
        #expect(sum.description == "3")
        #expect(try Money(parsing: "2.5e-06") == "0.0000025")
        #expect(Money.zero - line < .zero)
        #expect((Money.zero - line).description == "-0.00003")
    }

    @Test(arguments: [
        ("0.0000000000001", "amount: '0.0000000000001' is finer than 0.000000000001, the smallest amount"),
        ("ten", "amount: 'ten' is not a decimal number"), ("1e400", "amount: '1e400' is out of range"),
        ("", "amount: '' is not a decimal number"),
    ])
    func `a text that is no exact amount is refused with its reason`(_ text: String, _ message: String) {
        let error = #expect(throws: LedgerError.self) { try Money(parsing: text) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message == message)
    }

    @Test func `a refused amount is shown shortened`() {
        let error = #expect(throws: LedgerError.self) { try Money(parsing: String(repeating: "x", count: 100_000)) }
        #expect((error?.message.utf8.count ?? 0) < 200)
    }

    @Test(arguments: [("1500", "1500"), ("0.25", "0.25"), ("1e3", "1000"), ("0.000001", "0.000001"), ("7.50", "7.5")])
    func `a quantity is exact`(_ text: String, _ written: String) throws {
        #expect(try Quantity(parsing: text).description == written)
    }

    @Test(arguments: ["0.0000001", "1e-13", "", "1,5", "1e400"])
    func `a text that is no exact quantity is refused`(_ text: String) {
        #expect(throws: LedgerError.self) { try Quantity(parsing: text) }
    }

    @Test func `a literal that is no exact amount traps`() async {
        await #expect(processExitsWith: .failure) { _ = "0.0000000000001" as Money }
    }
}
