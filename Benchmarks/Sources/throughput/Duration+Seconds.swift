extension Duration {
    var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }

    var nanoseconds: UInt64 { UInt64(max(0, seconds * 1e9)) }
}
