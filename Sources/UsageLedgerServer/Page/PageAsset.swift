import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The style sheet, the script and the icon, in the executable itself. Their addresses change with what they hold, so that a
/// browser asks for each once.
struct PageAsset: Sendable {
    let path: String
    let mediaType: String
    let bytes: [UInt8]
    let url: String

    static let styles = PageAsset("/page.css", "text/css; charset=utf-8", PackageResources.page_css)
    static let script = PageAsset("/page.js", "text/javascript; charset=utf-8", PackageResources.page_js)
    static let icon = PageAsset("/favicon.ico", "image/svg+xml", PackageResources.icon_svg)

    private init(_ path: String, _ mediaType: String, _ bytes: [UInt8]) {
        self.path = path
        self.mediaType = mediaType
        self.bytes = bytes
        url = "\(path)?v=\(Array(SHA256.hash(data: Data(bytes))).hex.prefix(16))"
    }

    fileprivate var response: Response {
        var headers = HTTPFields()
        headers[.contentType] = mediaType
        headers[.cacheControl] = "public, max-age=31536000, immutable"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension PageRoute {
    static let assets: [PageRoute] = [PageAsset.styles, .script, .icon].map { asset in
        PageRoute(.get, asset.path, .open) { _ in asset.response }
    }
}
