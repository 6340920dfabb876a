extension GenAIPricesSheet {
    /// What the provider says of the daily windows of a model, where the sheet's format cannot say it: a constraint of
    /// genai-prices is a date or a window, never both, and knows no weekdays.
    struct DailyWindowRule: Sendable {
        /// Which figures hold in the windows of a period.
        enum Figures: Sendable {
            /// Those of the sheet's windows.
            case sheet
            /// Twice what holds for the rest of the day.
            case twiceTheDay
        }

        struct Period: Sendable {
            var from: Timestamp
            /// Empty for all days.
            var weekdays: Set<Weekday>
            var figures: Figures
            var note: String
        }

        var provider: ProviderName
        /// The sheet's id of the model.
        var model: String
        var weekdayTimeZone: String
        /// In the order of their beginnings; before the first, the windows do not hold.
        var periods: [Period]
    }

    /// DeepSeek bills double in its peak hours, 01:00-04:00 and 06:00-10:00 UTC, since 2026-08-17, and at weekends of
    /// the Beijing calendar not at all any more since 2026-08-23.
    ///
    /// From https://api-docs.deepseek.com/quick_start/pricing and the price comments of genai-prices 0.2.3, both read
    /// on 2026-11-22. The sheet's windows of `deepseek-v4-flash` carry the figures of V4.1 Flash, which took over the
    /// name on 2026-09-10; those of V4 Flash before were 0.014, 0.44 and 1.32 (cache read, input, output), twice its
    /// off-peak ones. Chinese public holidays, off-peak as well, are not in this table.
    static let dailyWindowRules: [DailyWindowRule] = [
        deepSeek("deepseek-v4-pro", [(peakBegan, .sheet)]),
        deepSeek("deepseek-v4-flash", [(peakBegan, .twiceTheDay), (flash41Began, .sheet)]),
        deepSeek("deepseek-flash", [(flash41Began, .sheet)]),
    ]

    private static let peakBegan = start(2026, 8, 17)
    private static let weekendsBegan = start(2026, 8, 23)
    private static let flash41Began = start(2026, 9, 10)

    private static func deepSeek(
        _ model: String, _ figures: [(from: Timestamp, figures: DailyWindowRule.Figures)]
    ) -> DailyWindowRule {
        var periods: [DailyWindowRule.Period] = []
        for (from, figures) in figures {
            let note = figures == .twiceTheDay ? "peak hours cost twice the off-peak price" : ""
            for start in [from, weekendsBegan] where start >= from && !periods.contains(where: { $0.from == start }) {
                periods.append(
                    DailyWindowRule.Period(
                        from: start,
                        weekdays: start < weekendsBegan ? [] : [.monday, .tuesday, .wednesday, .thursday, .friday],
                        figures: figures, note: note))
            }
        }
        return DailyWindowRule(
            provider: "deepseek", model: model, weekdayTimeZone: "Asia/Shanghai",
            periods: periods.sorted { $0.from < $1.from })
    }

    private static func start(_ year: Int, _ month: Int, _ day: Int) -> Timestamp {
        Timestamp(secondsSinceEpoch: Int64(Day(civilYear: year, month: month, day: day).daysSinceEpoch) * 86_400)
    }
}
