import HTTPTypes
import Hummingbird

extension Request {
    /// The body's media type without parameters, in lower case; empty where none is given.
    var mediaType: String {
        let text = headers[.contentType] ?? ""
        return text.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
    }

    /// - Throws: ``ServiceError`` for a coding that the service does not undo.
    func checkContentEncoding() throws(ServiceError) {
        guard let coding = headers[.contentEncoding]?.lowercased() else { return }
        guard ["identity", "gzip", "deflate", ""].contains(coding) else {
            throw .unsupported("the content encoding is neither gzip nor deflate")
        }
    }
}
