import Foundation

/// How long the law and crash tests go on: `USAGE_LEDGER_LAW_ROUNDS=20` runs each with twenty times as many seeds.
enum LawRounds {
    static let factor = max(
        1, ProcessInfo.processInfo.environment["USAGE_LEDGER_LAW_ROUNDS"].flatMap { Int($0) } ?? 1)

    /// `count` seeds in a normal run, from `first` on.
    static func seeds(_ count: UInt64, from first: UInt64 = 1) -> [UInt64] {
        Array(first..<first + count * UInt64(factor))
    }
}
