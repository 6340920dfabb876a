import Foundation

/// The JSON shapes that others rely on, as far as tests look into them.
struct ImportShape: Decodable, Equatable {
    var read: Int
    var recorded: Int
    var duplicates: Int
    var rejected: Int
    var unpriced: Int
    var cost: String
}

struct SumShape: Decodable, Equatable {
    var cost: String
    var quantity: String
    var events: Int
    var unpricedQuantity: String
}

struct ReportShape: Decodable, Equatable {
    struct Group: Decodable, Equatable {
        var key: String
        var cost: String
        var quantity: String
        var events: Int
        var unpricedQuantity: String
    }

    var agent: String?
    var from: String?
    var to: String?
    var groupBy: String
    var currency: String
    var groups: [Group]
    var total: SumShape
}

struct RecordShape: Decodable, Equatable {
    var id: String
    var sequence: Int
    var disposition: String
    var cost: String
    var priced: Bool
}

struct VerifyShape: Decodable, Equatable {
    var ok: Bool
    var entries: Int
    var segments: Int
    var events: Int
    var views: String
    var digest: String
    var problem: String?
}

struct ReplayShape: Decodable, Equatable {
    var entries: Int
    var events: Int
    var seconds: Double
    var eventsPerSecond: Int
    var digest: String
    var identical: Bool?
    var total: SumShape
}

struct BudgetsShape: Decodable, Equatable {
    struct Budget: Decodable, Equatable {
        var agent: String?
        var category: String?
        var period: String
        var amount: String
        var spent: String
        var remaining: String
        var percent: String
        var status: String
        var periodStart: String
    }

    var budgets: [Budget]
}

struct AlertShape: Decodable, Equatable {
    var id: String
    var agent: String?
    var type: String
    var period: String
    var periodStart: String
    var spent: String
    var amount: String
    var percent: String
    var sequence: Int
    var time: String
    var status: String
}

struct AlertsShape: Decodable, Equatable {
    var alerts: [AlertShape]
}

extension Tool.Result {
    /// The output, one object of JSON on one line.
    func decoded<Shape: Decodable>(_ shape: Shape.Type = Shape.self) throws -> Shape {
        guard output.last == "\n", output.dropLast().allSatisfy({ $0 != "\n" }) else {
            throw Tool.Failure("not one line of JSON: '\(output)'; standard error: '\(errors)'")
        }
        return try JSONDecoder().decode(shape, from: Data(output.utf8))
    }
}
