import HTTPTypes
import UsageLedger

extension Endpoint {
    static let categories = Endpoint(
        method: .get, path: "/api/cost-tracking/categories", summary: "All cost categories with their present prices.",
        permission: .anyKey, answers: EndpointAnswer.data("Categories", "The categories, by name."),
        handling: .report { call in
            let ledger = try call.ledger
            let card = ledger.rateCard
            let now = ledger.now
            return try call.success { writer in
                writer.array { writer in
                    for category in card.categories {
                        writer.object { $0.fields(of: category, card.presentRates(of: category.name, at: now)) }
                    }
                }
            }
        })
}

extension JSONWriter {
    /// `unit_cost` is a number where one plain rate holds; conditions, tiers and fees are in `rates`, for people.
    fileprivate mutating func fields(of category: CostCategory, _ rates: [KnownRate]) {
        field("category_name", category.name)
        field("service_provider", category.provider)
        field("pricing_model", category.pricingModel)
        field("unit", category.unit)
        let cost = rates.count == 1 ? rates[0].rate.price.costOfOneUnit : nil
        field("unit_cost") { writer in
            if let cost { writer.raw(cost.description) } else { writer.null() }
        }
        field("unit_costExact", cost?.description)
        field("rates") { writer in
            writer.array { for known in rates { $0.value(known.rate.price.description) } }
        }
        field("description", category.summary)
        field("is_active", true)
    }
}

extension RatePrice {
    /// What one unit costs, where that is all there is to say and the picodollar is fine enough to say it.
    fileprivate var costOfOneUnit: Money? {
        guard case .unit(let price) = self, price.minimum == .zero else { return nil }
        let (cost, rest) = (price.amount.picodollars * 1_000_000).quotientAndRemainder(dividingBy: price.per.millionths)
        return rest == 0 ? Money(picodollars: cost) : nil
    }
}
