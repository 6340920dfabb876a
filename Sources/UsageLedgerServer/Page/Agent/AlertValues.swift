import UsageLedger

/// An alert as templates take it.
enum AlertValues {
    /// Shown at once; the others unfold.
    private static let shownAtMost = 4
    /// More than these nobody acknowledges one by one.
    private static let earlierAtMost = 50

    /// What the template of several takes.
    static func all(_ alerts: [Alert], _ one: (Alert) -> [String: Any]) -> [String: Any] {
        let earlier = alerts.dropFirst(shownAtMost)
        return [
            "hasAlerts": !alerts.isEmpty, "alerts": alerts.prefix(shownAtMost).map(one),
            "hasEarlier": !earlier.isEmpty, "earlierCount": earlier.count,
            "earlier": earlier.prefix(earlierAtMost).map(one),
        ]
    }

    /// - Parameters:
    ///   - isOurs: whether the reader may acknowledge it.
    ///   - namesOwner: whether it says whose it is.
    ///   - back: where to go on afterwards.
    static func values(
        _ alert: Alert, _ amount: PageAmount, _ dates: PageDates, isOurs: Bool, namesOwner: Bool = false, back: String
    ) -> [String: Any] {
        var values: [String: Any] = [
            "id": alert.id.rawValue, "level": alert.threshold.rawValue,
            "levelName": alert.threshold == .warning
                ? "Warning" : alert.threshold == .critical ? "Critical" : "Exceeded",
            "period": alert.period.rawValue, "since": PageDates.short(alert.periodStart),
            "percent": alert.thresholdPercent, "spent": amount.cents(alert.spent),
            "spentExact": amount.exact(alert.spent), "amount": amount.cents(alert.amount),
            "amountExact": amount.exact(alert.amount), "time": dates.time(alert.time), "isOurs": isOurs, "back": back,
        ]
        if let category = alert.category { values["category"] = category.rawValue }
        if let agent = alert.agent {
            if namesOwner { values["owner"] = agent.rawValue }
            values["link"] = PageLink.agent(agent)
            values["action"] = "\(PageLink.agent(agent))/alerts/\(PageLink.encoded(alert.id.rawValue))/acknowledge"
        } else {
            values["isEverybody"] = true
            values["action"] = "/alerts/\(PageLink.encoded(alert.id.rawValue))/acknowledge"
        }
        return values
    }
}
