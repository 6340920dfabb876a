import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import UsageLedger

/// A browser's request whose sender is known and may do what it asks.
struct PageCall: Sendable {
    let service: LedgerService
    let request: Request
    let context: ServiceRequestContext
    let access: Access
    /// Nil for somebody on this machine, while there are no keys, and for a key in a header.
    let session: PageSession?
    let query: QueryReader
    /// The agent in the path; empty where there is none.
    let agent: AgentID
    /// The fields of a form that was sent; empty for other requests.
    var form = QueryReader.empty

    var ledger: Ledger {
        get throws(ServiceError) { try service.openLedger() }
    }

    /// Whether they may look at all agents together.
    var seesAll: Bool { access.agent == nil && access.allows(.admin) }

    /// A page, with what all pages have.
    func page(
        _ template: String, title: String, _ values: [String: Any], status: HTTPResponse.Status = .ok
    ) throws -> Response {
        var values = values
        values["title"] = title
        values["styles"] = PageAsset.styles.url
        values["script"] = PageAsset.script.url
        values["formToken"] = service.sessions.formToken(session)
        values["isLoggedIn"] = session != nil
        values["isLocal"] = session == nil && access.name == Access.local.name && template != "login"
        values["seesAll"] = seesAll
        return Response.page(try PageTemplates.render(template, values), status: status)
    }
}

extension Response {
    static func page(_ html: String, status: HTTPResponse.Status = .ok) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    /// Sends a browser on, with a GET.
    static func seeOther(_ path: String, cookie: String? = nil) -> Response {
        var headers = HTTPFields()
        headers[.location] = path
        headers[.cacheControl] = "no-store"
        if let cookie { headers[.setCookie] = cookie }
        return Response(status: .seeOther, headers: headers)
    }
}
