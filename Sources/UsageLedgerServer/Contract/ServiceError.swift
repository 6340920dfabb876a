import HTTPTypes
import Hummingbird
import UsageLedger

/// What a request is answered with when it cannot be done.
struct ServiceError: Error {
    /// One part of a request that is at fault.
    struct Detail: Sendable {
        var field: String?
        var message: String
        /// The place of the event at fault, from 0.
        var index: Int?
    }

    var status: HTTPResponse.Status
    /// Names the kind of failure for people: `Validation failed`.
    var title: String
    var message: String
    var details: [Detail] = []
    /// After how many seconds the same request may do.
    var retryAfterSeconds: Int?
    /// What a known path can be asked for, where that is at fault.
    var allowedMethods: String?

    static func invalid(_ field: String, _ problem: String) -> ServiceError {
        ServiceError(
            status: .badRequest, title: "Validation failed", message: "\(field) \(problem)",
            details: [Detail(field: field, message: problem)])
    }

    static let notFound = ServiceError(status: .notFound, title: "Not found", message: "there is no such path")

    static let unauthorized = ServiceError(
        status: .unauthorized, title: "Unauthorized", message: "a valid key is needed: Authorization: Bearer KEY")

    static func forbidden(_ message: String) -> ServiceError {
        ServiceError(status: .forbidden, title: "Forbidden", message: message)
    }

    static let otherAgent = forbidden("the key is not for this agent")

    static func tooMany(_ message: String, retryAfterSeconds: Int) -> ServiceError {
        ServiceError(
            status: .tooManyRequests, title: "Too many requests", message: message,
            retryAfterSeconds: retryAfterSeconds)
    }

    static func unavailable(_ message: String) -> ServiceError {
        ServiceError(
            status: .serviceUnavailable, title: "Unavailable", message: message, retryAfterSeconds: 1)
    }

    static func tooLarge(_ what: String, limitBytes: Int) -> ServiceError {
        ServiceError(
            status: .contentTooLarge, title: "Too large", message: "\(what) has more than \(limitBytes) bytes")
    }

    static func unsupported(_ message: String) -> ServiceError {
        ServiceError(status: .unsupportedMediaType, title: "Unsupported media type", message: message)
    }

    static let failed = ServiceError(
        status: .internalServerError, title: "Internal error", message: "the request failed; the log says why")
}

extension ServiceError {
    /// The answer for a failure at the ledger's door. What is not the caller's doing stays out of it.
    init(_ error: LedgerError) {
        let detail = Detail(field: error.field, message: error.clause, index: error.index)
        switch error.code {
        case .invalidEvent, .invalidArgument, .outOfRange, .unknownCategory, .unknownTimeZone:
            self.init(
                status: .badRequest, title: "Validation failed", message: error.message, details: [detail])
        case .idConflict, .alreadyAdjusted:
            self.init(status: .conflict, title: "Conflict", message: error.message, details: [detail])
        case .unknownEvent, .unknownBudget, .unknownAlert:
            self.init(status: .notFound, title: "Not found", message: error.message)
        case .queueFull: self = .unavailable("too many events wait for the disk")
        case .permissionDenied where error.field == "agent": self = .otherAgent
        case .closed: self = .unavailable("the service is ending")
        case .frozen, .diskFull, .mapFull:
            self = .unavailable("the ledger takes no events at the moment: \(error.code)")
        default: self = .failed
        }
    }
}

extension LedgerError {
    /// The message without the field that it begins with.
    var clause: String {
        guard let field, message.hasPrefix(field + ": ") else { return message }
        return String(message.dropFirst(field.count + 2))
    }
}
