import UsageLedger

extension JSONWriter {
    mutating func overview(_ overview: Overview, at now: Timestamp) {
        let currency = overview.currency
        object { writer in
            writer.field("period") { writer in
                writer.object { writer in
                    writer.field("type", overview.period.rawValue)
                    writer.field("startDate", overview.days.lowerBound.description)
                    writer.field("endDate", overview.days.upperBound.description)
                    writer.field("label", overview.period.label)
                }
            }
            writer.field("summary") { writer in
                writer.object { writer in
                    writer.displayed("totalCost", overview.total.cost, currency)
                    writer.field("totalUsage") { writer in
                        writer.object { writer in
                            writer.field("value", overview.total.quantity)
                            writer.field("label", "Total Operations")
                        }
                    }
                    writer.field("recordCount", overview.total.events)
                    writer.displayed("averageCostPerOperation", overview.averageCost, currency)
                    writer.quantity("unpricedQuantity", overview.total.unpricedQuantity)
                }
            }
            writer.field("breakdown") { writer in
                writer.object { writer in
                    writer.field("byCategory") { $0.shares(overview.byCategory, name: "category", currency) }
                    writer.field("byOperation") { $0.shares(overview.byOperation, name: "operation", currency) }
                }
            }
            writer.field("trends") { $0.trends(overview.trends) }
            writer.field("budget") { $0.budgetOverview(overview.budgets, currency) }
            writer.field("realTime") { writer in
                writer.object { writer in
                    writer.field("lastUpdated", now.description)
                    writer.field("metrics") { $0.metrics(overview.today) }
                }
            }
        }
    }

    /// Groups with their part of the whole, as an array.
    mutating func shares(_ shares: some Collection<ShareOfCost>, name: String, _ currency: String) {
        array { writer in
            for share in shares {
                writer.object { writer in
                    writer.field(name, share.key)
                    writer.displayed("cost", share.sum.cost, currency)
                    writer.share("percentage", share.percentage)
                }
            }
        }
    }

    /// The overview's last seven days, and where spending is heading.
    mutating func trends(_ trends: Trends) {
        object { writer in
            writer.field("daily") { writer in
                writer.array { writer in
                    for day in trends.daily {
                        writer.object { writer in
                            writer.field("date", day.day.description)
                            writer.displayed("cost", day.sum.cost, trends.currency)
                            writer.field("usage", raw: day.sum.quantity.description)
                            writer.field("operations", day.sum.events)
                        }
                    }
                }
            }
            writer.field("growth") { writer in
                let tenths = trends.growth.tenthsOfPercent
                let magnitude = tenths.magnitude
                let text = magnitude % 10 == 0 ? "\(magnitude / 10)" : "\(magnitude / 10).\(magnitude % 10)"
                writer.object { writer in
                    writer.field("value", raw: tenths < 0 ? "-\(text)" : text)
                    writer.field("formatted", "\(tenths > 0 ? "+" : tenths < 0 ? "-" : "")\(text)%")
                    writer.field("trend", trends.growth.direction.rawValue)
                }
            }
        }
    }

    /// The budget that matters most: of those for all categories the one closest to its amount.
    mutating func budgetOverview(_ budgets: [BudgetStatus], _ currency: String) {
        let whole = budgets.filter { $0.budget.category == nil }
        guard let status = (whole.isEmpty ? budgets : whole).max(by: { $0.share < $1.share }) else {
            object { $0.field("configured", false) }
            return
        }
        object { writer in
            writer.field("configured", true)
            writer.field("budgetId", status.budget.id)
            writer.field("budgetType", status.budget.period.rawValue)
            writer.field("category", status.budget.category)
            writer.displayed("budgetAmount", status.budget.amount, currency)
            writer.displayed("currentUsage", status.spent, currency)
            writer.displayed("remaining", status.remaining, currency)
            writer.share("usagePercentage", status.percent)
            writer.field("status", status.level.rawValue)
            writer.field("warningThreshold", status.budget.warningPercent)
            writer.field("criticalThreshold", status.budget.criticalPercent)
        }
    }
}

extension BudgetStatus {
    /// Only for comparing: what is spent of the amount.
    fileprivate var share: Double { Double(spent.picodollars) / Double(budget.amount.picodollars) }
}
