import UsageLedger

extension JSONWriter {
    /// `totalCost`, `totalQuantity`, `recordCount`, and what has no price yet.
    mutating func sums(_ sum: UsageSum) {
        amount("totalCost", sum.cost)
        quantity("totalQuantity", sum.quantity)
        field("recordCount", sum.events)
        quantity("unpricedQuantity", sum.unpricedQuantity)
    }

    /// Costs by the groups' keys.
    mutating func costs(_ name: String, _ groups: [UsageGroup]) {
        amounts(name, groups.map { ($0.key, $0.sum.cost) })
    }

    /// A summary's categories with their operations, as an array.
    mutating func breakdown(_ categories: [CostSummary.Category]) {
        array { writer in
            for category in categories { writer.object { $0.fields(of: category) } }
        }
    }

    private mutating func fields(of category: CostSummary.Category) {
        field("category", category.category)
        field("service_provider", category.provider)
        amount("total_cost", category.sum.cost)
        quantity("quantity_used", category.sum.quantity)
        field("percentage", raw: category.percentage)
        field("operations") { writer in
            writer.array { writer in
                for operation in category.operations {
                    writer.object { writer in
                        writer.field("operation_type", operation.operation)
                        writer.amount("cost", operation.sum.cost)
                        writer.quantity("quantity", operation.sum.quantity)
                    }
                }
            }
        }
    }

    /// The latest lines, as an array. What an event carries of its own is not in it.
    mutating func recentActivity(_ lines: [ExportedLine], _ card: RateCard) {
        array { writer in
            for line in lines {
                writer.object { writer in
                    writer.field("operation_type", line.event.operation)
                    writer.field("category", line.line.category)
                    writer.amount("cost", line.line.price?.cost ?? .zero)
                    writer.field("priced", line.line.price != nil)
                    writer.quantity("quantity", line.line.quantity)
                    writer.field("timestamp", (line.event.time ?? line.recordedAt).description)
                    writer.field("service_provider", card.category(line.line.category)?.provider ?? line.event.provider)
                }
            }
        }
    }

    /// An agent's figures of today, as an object.
    mutating func metrics(_ metrics: AgentMetrics) {
        object { writer in
            writer.amount("totalCost", metrics.total.cost)
            writer.quantity("totalUsage", metrics.total.quantity)
            writer.field("recordCount", metrics.total.events)
            writer.costs("costByService", metrics.byProvider)
            writer.costs("costByCategory", metrics.byCategory)
            writer.costs("costByOperation", metrics.byOperation)
            writer.amount("averageCostPerOperation", metrics.averageCost)
        }
    }
}
