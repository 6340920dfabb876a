import UsageLedger

/// How an amount compares with the one before.
struct Change {
    private let tenths: Int128

    /// Nil where there is nothing to compare with.
    init?(_ now: Money, _ before: Money) {
        guard before > .zero else { return nil }
        tenths = (now.picodollars - before.picodollars) * 1000 / before.picodollars
    }

    var values: [String: Any] {
        let magnitude = abs(tenths)
        let text = magnitude >= 1000 ? String(magnitude / 10).grouped : "\(magnitude / 10).\(magnitude % 10)"
        return [
            "text": "\(text)%", "isUp": tenths > 0, "isDown": tenths < 0,
            "style": tenths > 0 ? "up" : tenths < 0 ? "down" : "same",
        ]
    }
}
