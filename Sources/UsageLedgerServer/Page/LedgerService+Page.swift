import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import UsageLedger

extension LedgerService {
    /// What a browser may do with the page: load our own style sheet and script, ask us, send forms to us; nothing else, and
    /// nothing that stands in the HTML itself.
    private static let contentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    private static let formBytes = 16_384

    /// Answers a browser's request. Whatever goes wrong becomes a page that says what to do.
    func respond(_ route: PageRoute, _ request: Request, _ context: ServiceRequestContext, _ meter: EndpointMeter)
        async -> Response
    {
        let start = ContinuousClock.now
        var response: Response
        do {
            response = try await answer(route, request, context)
        } catch {
            response = failure(serviceError(error, context), to: request)
        }
        Self.secure(&response)
        meter.count(status: response.status.code, start.duration(to: .now))
        return response
    }

    /// An error as a page for browsers, in the envelope for programs.
    func failure(_ error: ServiceError, to request: Request) -> Response {
        guard request.wantsPage else { return .failure(error) }
        let path = request.head.path ?? "/"
        if error.status == .unauthorized {
            // A link on another site: the browser keeps a strict cookie back, but brings it when the page asks again itself.
            if request.method == .get, request.headers[HTTPField.Name("Sec-Fetch-Site")!] == "cross-site" {
                return .page(#"<!doctype html><meta http-equiv="refresh" content="0"><title>Usage Ledger</title>"#)
            }
            let next = request.method == .get && path != "/" ? "?next=\(PageLink.encoded(path))" : ""
            return .seeOther("/login\(next)")
        }
        let values: [String: Any] = [
            "title": error.title, "message": error.message, "status": error.status.code,
            "hint": Self.hint(error), "styles": PageAsset.styles.url, "script": PageAsset.script.url,
        ]
        guard let html = try? PageTemplates.render("error", values) else { return .failure(error) }
        var response = Response.page(html, status: error.status)
        if let seconds = error.retryAfterSeconds { response.headers[.retryAfter] = String(seconds) }
        if let methods = error.allowedMethods { response.headers[.allow] = methods }
        Self.secure(&response)
        return response
    }

    private static func hint(_ error: ServiceError) -> String {
        switch error.status {
        case .badRequest: "Something in the address is not right. Go back, or start again from the overview."
        case .forbidden: "Your key does not open this page. Log out and in again with one that does."
        case .notFound: "Check the address, or start again from the overview."
        case .tooManyRequests: "Wait a moment, then reload the page."
        case .serviceUnavailable: "The service is starting or ending. The page tries again by itself."
        default: "Reload the page; if it happens again, the service's log says why."
        }
    }

    private static func secure(_ response: inout Response) {
        response.headers[HTTPField.Name("Content-Security-Policy")!] = contentSecurityPolicy
        response.headers[HTTPField.Name("X-Content-Type-Options")!] = "nosniff"
        response.headers[HTTPField.Name("X-Frame-Options")!] = "DENY"
        response.headers[HTTPField.Name("Referrer-Policy")!] = "same-origin"
        response.headers[HTTPField.Name("Cross-Origin-Opener-Policy")!] = "same-origin"
        response.headers[HTTPField.Name("Cross-Origin-Resource-Policy")!] = "same-origin"
    }

    // MARK: Who calls

    private func answer(_ route: PageRoute, _ request: Request, _ context: ServiceRequestContext) async throws
        -> Response
    {
        let path = request.head.path ?? "/"
        guard path.utf8.count <= configuration.limits.urlBytes else {
            throw ServiceError(
                status: .uriTooLong, title: "URI too long",
                message: "the address has more than \(configuration.limits.urlBytes) bytes")
        }
        // No other site may send a form, whatever the browser brings along with it.
        if request.method == .post, !request.isSameOrigin {
            throw ServiceError.forbidden("the form is of another site")
        }
        var session: PageSession?
        var access = Access.local
        if case .open = route.door {
        } else {
            (access, session) = try await caller(of: request)
            if let seconds = limiter.admit(access.name) {
                throw ServiceError.tooMany(
                    "more than \(configuration.limits.requestsPerSecond) requests a second", retryAfterSeconds: seconds)
            }
        }
        var agent = AgentID("")
        if case .agent(let role) = route.door {
            guard let name = context.parameters.get("agentId")?.removingPercentEncoding,
                Limits.nameBytes.contains(name.utf8.count)
            else { throw ServiceError.notFound }
            agent = AgentID(name)
            guard access.sees(agent) else { throw ServiceError.otherAgent }
            try Self.check(access, role)
        }
        if case .everybody(let role) = route.door {
            guard access.agent == nil else { throw ServiceError.forbidden("the key is for one agent only") }
            try Self.check(access, role)
        }
        var call = PageCall(
            service: self, request: request, context: context, access: access, session: session,
            query: try QueryReader(request.uri.query), agent: agent)
        if request.method == .post {
            let body = try await request.body.collect(upTo: Self.formBytes)
            call.form = try QueryReader(String(buffer: body))
            if case .open = route.door {
            } else {
                guard sessions.accepts(formToken: try call.form.text("token") ?? "", of: session) else {
                    throw ServiceError.forbidden("the form is too old; reload the page and send it again")
                }
            }
        }
        return try await route.handle(call)
    }

    private static func check(_ access: Access, _ role: Role) throws(ServiceError) {
        guard access.allows(role) else {
            throw .forbidden("the key's role is \(access.role.rawValue), not \(role.rawValue)")
        }
    }

    /// Who sends a request: by cookie, by a key in a header, or somebody on this machine while there are no keys.
    func caller(of request: Request) async throws -> (Access, PageSession?) {
        if let header = request.headers[.authorization] { return (try await access(authorization: header), nil) }
        if let session = request.sessionCookie.flatMap({ sessions.session($0, at: .now) }) {
            return (try await access(authorization: "Bearer \(session.key)"), session)
        }
        let access = try await access(authorization: nil)
        // Nobody asks for a password here: a name that another site made point to this machine must not do.
        guard request.isToLoopback else { throw ServiceError.forbidden("open the page as 127.0.0.1 or localhost") }
        return (access, nil)
    }
}
