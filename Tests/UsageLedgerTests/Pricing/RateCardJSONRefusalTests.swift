import Testing

@testable import UsageLedger

/// What is no rate card is refused, and the place named: a card that was read wrongly would be a wrong price.
@Suite(.bounded) struct RateCardJSONRefusalTests {
    private static func refusal(_ text: String) -> LedgerError? {
        let error = #expect(throws: LedgerError.self) {
            try RateSheet(parsing: Array(text.utf8), format: .usageLedger)
        }
        return error
    }

    private static func card(_ members: String) -> String {
        #"{"format": "usage-ledger-rates", "version": 1, \#(members)}"#
    }

    private static func rate(_ members: String) -> String {
        card(#""rates": [{"category": "d", "amount": 1}, {"category": "c", \#(members)}]"#)
    }

    @Test(
        arguments: [
            // Values of another type.
            (#""amount": true"#, "amount"), (#""amount": [1]"#, "amount"), (#""amount": 1, "per": {}"#, "per"),
            (#""amount": 1, "models": "m""#, "models"), (#""amount": 1, "models": [1]"#, "models[0]"),
            (#""amount": 1, "models": ["a", {"prefix": 1}]"#, "models[1].prefix"),
            (#""amount": 1, "models": [{"any": false}]"#, "models[0].any"),
            (#""amount": 1, "models": [{"all": ["a", {"all": [{"suffix": []}]}]}]"#, "models[0].all[1].all[0].suffix"),
            (#""amount": 1, "source": 1"#, "source"), (#""amount": 1, "component": {}"#, "component"),
            (#""amount": 1, "when": []"#, "when"), (#""amount": 1, "when": {"context": {"a": 1}}"#, "when.context.a"),
            (#""amount": 1, "when": {"context": ["a"]}"#, "when.context"),
            (#""amount": 1, "when": {"context": "a"}"#, "when.context"),
            (#""amount": 1, "when": {"hours": "01:00-02:00"}"#, "when.hours"),
            (#""amount": 1, "when": {"hours": [1]}"#, "when.hours[0]"),
            (#""amount": 1, "when": {"weekdays": [1]}"#, "when.weekdays[0]"),
            (#""amount": 1, "from": 2026"#, "from"), (#""tiers": []"#, "tiers"),
            (#""tiers": {"mode": "cliff", "inclusive": "yes", "steps": []}"#, "tiers.inclusive"),
            (#""tiers": {"mode": "cliff", "steps": [1]}"#, "tiers.steps[0]"),
            // Numbers that are none, or are out of range.
            (#""amount": "one""#, "amount"), (#""amount": "1,5""#, "amount"), (#""amount": "0x10""#, "amount"),
            (#""amount": 1e-13"#, "amount"), (#""amount": 1e40"#, "amount"), (#""amount": """#, "amount"),
            (#""flat": "NaN""#, "flat"), (#""multiplier": "1e-7""#, "multiplier"),
            (#""multiplier": 1001"#, "multiplier"),
            (#""multiplier": "-1""#, "multiplier"), (#""percentage": "ten""#, "percentage"),
            (#""amount": 1, "per": 1e-7"#, "per"), (#""amount": 1, "minimum": "x""#, "minimum"),
            (#""amount": 1, "priority": 1.5"#, "priority"), (#""amount": 1, "priority": "high""#, "priority"),
            (
                #""tiers": {"mode": "cliff", "steps": [{"amount": 1}, {"above": "x", "amount": 1}]}"#,
                "tiers.steps[1].above"
            ),
            // Texts that mean nothing.
            (#""amount": 1, "from": "yesterday""#, "from"), (#""amount": 1, "until": "2026-02-30""#, "until"),
            (#""amount": 1, "from": {"day": "2026-02-30", "timeZone": "UTC"}"#, "from.day"),
            (#""amount": 1, "from": {"day": "2026-02-01", "timeZone": "Mars"}"#, "from.timeZone"),
            (#""amount": 1, "when": {"hours": ["1-2"]}"#, "when.hours[0]"),
            (#""amount": 1, "when": {"weekdays": ["mon", "Tuesday"]}"#, "when.weekdays[1]"),
            (#""tiers": {"mode": "steps", "steps": [{"amount": 1}]}"#, "tiers.mode"),
            (#""tiers": {"mode": "volume", "period": "hour", "steps": [{"amount": 1}]}"#, "tiers.period"),
            // Missing members.
            (#""source": "none""#, "amount"), (#""per": 1"#, "amount"), (#""tiers": {"steps": []}"#, "tiers.mode"),
            (#""tiers": {"mode": "cliff", "steps": [{"above": 0}]}"#, "tiers.steps[0].amount"),
            (#""amount": 1, "from": {"day": "2026-02-01"}"#, "from.timeZone"),
            // Members that have no place there.
            (#""amount": 1, "flat": 2"#, "amount"), (#""multiplier": 1, "percentage": 2"#, "percentage"),
            (#""flat": 1, "per": 2"#, "per"), (#""amount": 1, "componnent": "x""#, "componnent"),
            (#""amount": 1, "from": {"day": "2026-02-01", "timeZone": "UTC", "hour": 1}"#, "from.hour"),
            (#""amount": 1, "when": {"day": ["mon"]}"#, "when.day"),
            (#""tiers": {"mode": "cliff", "period": "month", "steps": [{"amount": 1}]}"#, "tiers.period"),
            (#""tiers": {"mode": "cliff", "steps": [{"amount": 1, "flat": 1}]}"#, "tiers.steps[0].flat"),
            (#""amount": 1, "models": [{"prefix": "a", "suffix": "b"}]"#, "models[0].suffix"),
        ])
    func `a rate that is not understood is refused where it is wrong`(_ members: String, _ place: String) {
        let error = Self.refusal(Self.rate(members))
        #expect(error?.field == "card.rates[1].\(place)")
        #expect(error?.message.contains("card.rates[1].\(place)") == true, "\(error?.message ?? "")")
        #expect(error?.code == .invalidSheet)
    }

    @Test(
        arguments: [
            // What is understood and breaks a limit, with what the message says of it.
            (#""amount": "-1""#, "amount"), (#""amount": 9223373"#, "amount"), (#""amount": 1, "per": 0"#, "per"),
            (#""amount": 1, "minimum": -1"#, "minimum"), (#""amount": 1, "priority": 1001"#, "priority"),
            (#""amount": 1, "models": [{}]"#, "models"), (#""amount": 1, "models": [{"regex": "("}]"#, "models"),
            (#""amount": 1, "models": [{"prefix": ""}]"#, "models"), (#""amount": 1, "component": """#, "component"),
            (#""amount": 1, "from": "1969-12-31""#, "1969"), (#""amount": 1, "from": "2200-01-01""#, "2200"),
            (#""amount": 1, "from": "9999-12-31""#, "2262"),
            (#""amount": 1, "from": {"day": "0001-01-01", "timeZone": "Europe/Berlin"}"#, "1677"),
            (#""amount": 1, "from": "2026-01-02", "until": "2026-01-02""#, "until"),
            (#""amount": 1, "when": {"timeZone": "Mars"}"#, "Mars"),
            (#""amount": 1, "when": {"weekdayTimeZone": "Mars"}"#, "Mars"),
            (#""tiers": {"mode": "cliff"}"#, "steps"), (#""tiers": {"mode": "cliff", "steps": []}"#, "steps"),
            (#""tiers": {"mode": "cliff", "steps": [{"above": 1, "amount": 1}]}"#, "steps"),
            (#""tiers": {"mode": "cliff", "steps": [{"amount": 1}, {"amount": 2}]}"#, "steps"),
            (#""tiers": {"mode": "graduated", "inclusive": true, "steps": [{"amount": 1}]}"#, "inclusive"),
            (#""tiers": {"mode": "graduated", "steps": [{"amount": 1, "minimum": 2}]}"#, "minimum"),
            (#""tiers": {"mode": "graduated", "timeZone": "Mars", "steps": [{"amount": 1}]}"#, "Mars"),
        ])
    func `a rate that breaks a limit is refused, and the rate named`(_ members: String, _ word: String) {
        let error = Self.refusal(Self.rate(members))
        #expect(error?.field?.hasPrefix("card.rates[1]") == true)
        #expect(error?.message.hasPrefix("card.rates[1]") == true && error?.message.contains(word) == true)
    }

    @Test(
        arguments: [
            (#""categories": {}"#, "card.categories"), (#""rates": {}"#, "card.rates"),
            (#""rates": [1]"#, "card.rates[0]"),
            (#""rates": [{}]"#, "card.rates[0].category"), (#""rate": []"#, "card.rate"),
            (#""currency": 1"#, "card.currency"), (#""providers": [{}]"#, "card.providers[0].name"),
            (#""providers": [{"name": "p", "alias": []}]"#, "card.providers[0].alias"),
            (#""providers": [{"name": "p", "fallbacks": [1]}]"#, "card.providers[0].fallbacks[0]"),
            (#""providers": [{"name": ""}]"#, "card.providers[0]"),
            (#""categories": [{"name": "c", "pricingModel": "p"}]"#, "card.categories[0].unit"),
            (#""categories": [{"name": "c", "unit": "u"}]"#, "card.categories[0].pricingModel"),
            (
                #""categories": [{"name": "c", "unit": "u", "pricingModel": "p", "match": {}}]"#,
                "card.categories[0].match.class"
            ),
            (
                #""categories": [{"name": "c", "unit": "u", "pricingModel": "p", "match": {"class": "x", "y": 1}}]"#,
                "card.categories[0].match.y"
            ),
            (
                #""categories": [{"name": "c", "unit": "u", "pricingModel": "p", "extra": 1}]"#,
                "card.categories[0].extra"
            ),
            (#""categories": [{"name": "", "unit": "u", "pricingModel": "p"}]"#, "card.categories[0]"),
        ])
    func `a category, a provider or a card that is not understood is refused where it is wrong`(
        _ members: String, _ place: String
    ) {
        let error = Self.refusal(Self.card(members))
        #expect(error?.code == .invalidSheet)
        #expect(error?.field == place)
        #expect(error?.message.contains(place) == true)
    }

    @Test(
        arguments: [
            ("[]", "object"), ("1", "object"), ("null", "object"), ("", "too early"), ("{", "too early"),
            (#"{"format": "usage-ledger-rates""#, "too early"), ("{}", "format"), (#"{"format": "litellm"}"#, "format"),
            (#"{"format": 1}"#, "format"), (#"{"format": "usage-ledger-rates"}"#, "version"),
            (#"{"format": "usage-ledger-rates", "version": 2}"#, "version"),
            (#"{"format": "usage-ledger-rates", "version": 1.0}"#, "version"),
            (#"{"format": "usage-ledger-rates", "version": true}"#, "version"),
            (#"{"format": "usage-ledger-rates", "version": 1} x"#, "not valid JSON"),
            ("{'format': 1}", "not valid JSON"),
            (#"{"format": "usage-ledger-rates", "version": 1, "version": 1}"#, "version: a key is given twice"),
            (#"{"rates": [{"category": "c", "amount": 1, "amount": 2}]}"#, "amount: a key is given twice"),
            (String(repeating: "[", count: 1_000_000), "nested too deep"),
            (String(repeating: #"{"a":"#, count: 100_000), "nested too deep"), ("{\"a\": \u{1}}", "not valid JSON"),
        ])
    func `a text that is no card is refused`(_ text: String, _ word: String) {
        let error = Self.refusal(text)
        #expect(error?.code == .invalidSheet)
        #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
    }

    @Test func `every beginning of a card is refused`() {
        let text = Self.rate(#""amount": "2.5", "when": {"context": {"a": "b"}, "hours": ["01:00-02:00"]}"#)
        let bytes = Array(text.utf8)
        #expect(throws: Never.self) { try RateSheet(parsing: bytes, format: .usageLedger) }
        for count in 0..<bytes.count {
            let error = #expect(throws: LedgerError.self) {
                try RateSheet(parsing: Array(bytes[..<count]), format: .usageLedger)
            }
            #expect(error?.code == .invalidSheet)
        }
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        let error = #expect(throws: LedgerError.self) {
            try RateSheet(parsing: Array("{\"format\": \"".utf8) + [0xFF] + Array("\"}".utf8), format: .usageLedger)
        }
        #expect(error?.message.contains("UTF-8") == true)
    }
}
