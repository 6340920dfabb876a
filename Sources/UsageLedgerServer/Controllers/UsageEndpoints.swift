import HTTPTypes
import UsageLedger

extension Endpoint {
    static let usage = Endpoint(
        method: .get, path: "/api/cost-tracking/usage/:agentId",
        summary: "An agent's usage in total and grouped.", permission: .role(.read),
        parameters: EndpointParameter.dates + [
            EndpointParameter(name: "costCategories", kind: .list, summary: "Only these categories."),
            EndpointParameter(name: "operationTypes", kind: .list, summary: "Only these operations."),
            EndpointParameter(
                name: "groupBy", kind: .words(UsageGroupBy.allCases.map(\.rawValue)), summary: "What to group by."),
        ],
        answers: EndpointAnswer.data("Usage", "Sums in total, by category, by operation and by group."),
        handling: .report { call in
            let ledger = try call.ledger
            let groupBy = try call.query.choice("groupBy", of: UsageGroupBy.self)
            let categories = try call.query.names("costCategories", as: CategoryName.self)
            let operations = try call.query.names("operationTypes", as: OperationName.self)
            let days = try call.days()
            let groupings: [UsageGrouping] = [.category, .operation] + (groupBy.map { [$0.grouping] } ?? [])
            let reports = try ledger.reports(
                groupings.map { grouping in
                    UsageQuery(
                        agent: call.agent, days: days, categories: categories, operations: operations,
                        groupedBy: grouping)
                })
            let (byCategory, byOperation) = (reports[0], reports[1])
            let grouped = groupBy == nil ? nil : reports.last
            return try call.success { writer in
                writer.object { writer in
                    writer.field("summary") { writer in
                        writer.object { writer in
                            writer.sums(byCategory.total)
                            writer.costs("costByCategory", byCategory.groups)
                            writer.costs("costByOperation", byOperation.groups)
                        }
                    }
                    writer.field("groupedData") { writer in
                        writer.object { writer in
                            for group in grouped?.groups ?? [] {
                                writer.field(group.key) { $0.object { $0.sums(group.sum) } }
                            }
                        }
                    }
                    writer.field("groupBy", groupBy?.rawValue)
                }
            }
        })
}

/// What usage can be grouped by over HTTP.
private enum UsageGroupBy: String, CaseIterable {
    case day, week, month, category, operation

    var grouping: UsageGrouping {
        switch self {
        case .day: .day
        case .week: .week
        case .month: .month
        case .category: .category
        case .operation: .operation
        }
    }
}
