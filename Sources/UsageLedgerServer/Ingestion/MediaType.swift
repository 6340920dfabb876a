import HTTPTypes
import Hummingbird

extension Request {
    /// The body's media type without parameters, in lower case; empty where none is given.
    var mediaType: String {
        let type = (headers[.contentType] ?? "").utf8.prefix { $0 != UInt8(ascii: ";") }
        return String(decoding: type.filter { $0 != 0x20 && $0 != 0x09 }, as: UTF8.self).lowercased()
    }

    /// - Throws: ``ServiceError`` for a coding that the service does not undo.
    func checkContentEncoding() throws(ServiceError) {
        guard let coding = headers[.contentEncoding]?.lowercased() else { return }
        guard ["identity", "gzip", "deflate", ""].contains(coding) else {
            throw .unsupported("the content encoding is neither gzip nor deflate")
        }
    }
}
