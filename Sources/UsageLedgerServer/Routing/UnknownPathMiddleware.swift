import HTTPTypes
import Hummingbird

/// Answers in the envelope, or with a page, where no endpoint does: 404 for an unknown path, to everybody alike.
struct UnknownPathMiddleware: RouterMiddleware {
    typealias Context = ServiceRequestContext

    let service: LedgerService

    func handle(
        _ request: Request, context: ServiceRequestContext,
        next: (Request, ServiceRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            return service.failure(.notFound, to: request)
        }
    }
}
