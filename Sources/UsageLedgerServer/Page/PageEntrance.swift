import Foundation
import HTTPTypes
import Hummingbird
import UsageLedger

extension PageRoute {
    /// In and out.
    static let entrance: [PageRoute] = [
        PageRoute(.get, "/login", .open) { call in
            let next = PageLink.local(try call.query.text("next"))
            // Who is in already is sent on.
            if (try? await call.service.caller(of: call.request)) != nil { return .seeOther(next) }
            return try login(call, next: next)
        },
        PageRoute(.post, "/login", .open) { call in
            let next = PageLink.local(try call.form.text("next"))
            if let seconds = call.service.limiter.admit("log-in") {
                throw ServiceError.tooMany("too many people log in at once", retryAfterSeconds: seconds)
            }
            let key = (try call.form.text("key") ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
            guard !key.contains(" "), let access = try? await call.service.access(authorization: "Bearer \(key)") else {
                return try login(call, next: next, problem: "This is not a key of this service, or it was revoked.")
            }
            guard access.allows(.read) else {
                return try login(
                    call, next: next, problem: "This key may send usage only; log in with one that may read.")
            }
            guard let cookie = call.service.sessions.begin(key: key, at: .now) else {
                return try login(call, next: next, problem: "This key is too long for a browser's cookie.")
            }
            return .seeOther(next, cookie: Self.cookie(cookie, seconds: PageSessions.seconds, call))
        },
        PageRoute(.post, "/logout", .anyKey) { call in
            if let session = call.session { call.service.sessions.end(session, at: .now) }
            return .seeOther("/login", cookie: Self.cookie("", seconds: 0, call))
        },
    ]

    private static func login(_ call: PageCall, next: String, problem: String? = nil) throws -> Response {
        var values: [String: Any] = ["next": next]
        if let problem { values["problem"] = problem }
        return try call.page("login", title: "Log in", values, status: problem == nil ? .ok : .unauthorized)
    }

    private static func cookie(_ value: String, seconds: Int64, _ call: PageCall) -> String {
        let secure = call.service.configuration.tls == nil ? "" : "; Secure"
        return "\(PageSessions.cookie)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict\(secure)"
    }
}
