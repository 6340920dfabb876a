import Foundation
import UsageLedger

/// Addresses within the page.
enum PageLink {
    /// What stands for itself in a query and in a part of a path (RFC 3986, unreserved).
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    /// An agent's overview.
    static func agent(_ agent: AgentID) -> String { "/agents/\(encoded(agent.rawValue))" }

    /// A path of ours to go on to, whatever was asked for: `//host` and `/\host` would be other sites.
    static func local(_ path: String?) -> String {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), !path.contains("\\"),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return "/" }
        return path
    }
}
