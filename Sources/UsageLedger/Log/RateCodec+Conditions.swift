import LMDB

extension RateCodec {
    /// Context values in the order of their keys, hours, weekdays as bits from Monday on, and the zones.
    static func encode(_ conditions: RateConditions, into bytes: inout [UInt8]) {
        bytes.append(UInt8(conditions.context.count))
        for (key, value) in conditions.context.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            bytes.appendText(key)
            bytes.appendText(value)
        }
        bytes.append(UInt8(conditions.hours.count))
        for hours in conditions.hours {
            bytes.appendVarint(UInt64(hours.fromMinute))
            bytes.appendVarint(UInt64(hours.untilMinute))
        }
        bytes.append(conditions.weekdays.reduce(0) { $0 | 1 << UInt8($1.rawValue - 1) })
        bytes.appendText(conditions.timeZone)
        bytes.appendText(conditions.weekdayTimeZone ?? "")
    }

    static func decodeConditions(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> RateConditions {
        var conditions = RateConditions()
        var former: String?
        for _ in 0..<(try bytes.readByte(&position)) {
            let key = try bytes.readText(&position)
            if let former, !former.utf8.lexicographicallyPrecedes(key.utf8) { throw .invalidValue("context") }
            conditions.context[key] = try bytes.readText(&position)
            former = key
        }
        for _ in 0..<(try bytes.readByte(&position)) {
            let from = try bytes.readVarint(&position)
            let until = try bytes.readVarint(&position)
            guard from < 1440, until < 1440 else { throw .invalidValue("hours") }
            conditions.hours.append(DailyHours(fromMinute: Int(from), untilMinute: Int(until)))
        }
        let weekdays = try bytes.readByte(&position)
        guard weekdays < 1 << 7 else { throw .invalidValue("weekdays") }
        conditions.weekdays = Set(Weekday.allCases.filter { weekdays & 1 << UInt8($0.rawValue - 1) != 0 })
        conditions.timeZone = try bytes.readText(&position)
        let zone = try bytes.readText(&position)
        conditions.weekdayTimeZone = zone.isEmpty ? nil : zone
        return conditions
    }
}
