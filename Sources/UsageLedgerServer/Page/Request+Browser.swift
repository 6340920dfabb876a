import Foundation
import HTTPTypes
import Hummingbird

extension Request {
    /// Whether a person waits for the answer, not a program.
    var wantsPage: Bool { headers[.accept]?.contains("text/html") ?? false }

    /// The value of the page's cookie.
    var sessionCookie: String? {
        for header in headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                if parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == PageSessions.cookie {
                    return parts[1].trimmingCharacters(in: .whitespaces)
                }
            }
        }
        return nil
    }

    /// Whether the page that sent this is one of ours. Browsers say so with every form; other programs need not.
    var isSameOrigin: Bool {
        if let site = headers[HTTPField.Name("Sec-Fetch-Site")!], site != "same-origin" { return false }
        guard let origin = headers[.origin] else { return true }
        guard let authority = head.authority, let colon = origin.range(of: "://") else { return false }
        return origin[colon.upperBound...].lowercased() == authority.lowercased()
    }

    /// Whether the browser's address bar names this machine itself.
    var isToLoopback: Bool {
        guard let authority = head.authority, !authority.isEmpty else { return true }
        let host = authority.replacing(#/:[0-9]+$/#, with: "").lowercased()
        return host == "localhost" || host == "[::1]" || host.hasPrefix("127.")
    }
}
