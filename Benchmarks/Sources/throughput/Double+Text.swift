extension Double {
    /// With so many digits behind the point, as JSON and tables have it.
    func text(_ digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = (self * scale).rounded()
        guard scaled.isFinite else { return "0" }
        let whole = Int(scaled)
        guard digits > 0 else { return String(whole) }
        let fraction = String(abs(whole) % Int(scale))
        let sign = whole < 0 ? "-" : ""
        return "\(sign)\(abs(whole) / Int(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}

extension Optional<Double> {
    /// The same, and `null` for nothing.
    func json(_ digits: Int) -> String { self?.text(digits) ?? "null" }
}
