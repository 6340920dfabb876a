import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import UsageLedger

extension Endpoint {
    static let setBudget = Endpoint(
        method: .put, path: "/api/cost-tracking/budgets",
        summary: "Sets a budget, in the place of one for the same agent, period and category.",
        permission: .role(.admin), body: EndpointBody(schemas: [("application/json", "BudgetRequest")]),
        answers: EndpointAnswer.data("Budget", "The budget with its state."),
        handling: .answer { call in
            try call.request.checkContentEncoding()
            guard ["application/json", ""].contains(call.request.mediaType) else {
                throw ServiceError.unsupported("send application/json")
            }
            let bytes = Array(buffer: try await call.request.body.collect(upTo: min(65_536, call.limits.bodyBytes)))
            let budget = try BudgetRequest(bytes).budget
            guard call.access.agent == nil || call.access.agent == budget.agent else { throw ServiceError.otherAgent }
            try await set(budget, in: try call.ledger)
            let status = try call.ledger.budgets(agent: budget.agent).first {
                $0.budget.period == budget.period && $0.budget.category == budget.category
            }
            guard let status else { throw ServiceError.notFound }
            return .json(try call.success { $0.budget(status) })
        })

    /// The engine's names of fields become those of the request.
    private static func set(_ budget: Budget, in ledger: Ledger) async throws {
        do {
            try await ledger.set(budget)
        } catch {
            let names = [
                "amount": "budgetAmount", "warning": "warningThreshold", "critical": "criticalThreshold",
                "agent": "agentId",
            ]
            guard let field = error.field, let name = names[field] else { throw error }
            throw ServiceError.invalid(name, error.clause)
        }
    }

    static let removeBudget = Endpoint(
        method: .delete, path: "/api/cost-tracking/budgets/:agentId/:budgetId",
        summary: "Removes a budget; its alerts stay.", permission: .role(.admin),
        answers: EndpointAnswer.data("Removed", "The budget is gone."),
        handling: .answer { call in
            let id = try call.part("budgetId")
            guard let (period, category) = Budget.parts(ofID: id) else {
                throw ServiceError(status: .notFound, title: "Not found", message: "the agent has no such budget")
            }
            try await call.ledger.removeBudget(agent: call.agent, category: category, period: period)
            return .json(
                try call.success { writer in
                    writer.object { writer in
                        writer.field("id", id)
                        writer.field("removed", true)
                    }
                })
        })

    static let acknowledge = Endpoint(
        method: .post, path: "/api/cost-tracking-dashboard/alerts/:agentId/:alertId/acknowledge",
        summary: "Marks an alert as seen; doing so again changes nothing.", permission: .role(.admin),
        answers: EndpointAnswer.data("Alert", "The alert."),
        handling: .answer { call in
            let id = AlertID(try call.part("alertId"))
            let ledger = try call.ledger
            // Only among the agent's own: another's alert is not there.
            guard try ledger.alert(id, of: call.agent) != nil else {
                throw ServiceError(status: .notFound, title: "Not found", message: "the agent has no such alert")
            }
            let alert = try await ledger.acknowledge(id)
            return .json(try call.success { $0.alert(alert, ledger.currency) })
        })
}
