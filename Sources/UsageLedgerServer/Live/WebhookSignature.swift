import Crypto
import Foundation

/// Signs deliveries as Standard Webhooks 1.0 says: `v1,` and the base64 of HMAC-SHA-256 over `ID.TIMESTAMP.BODY`.
enum WebhookSignature {
    static func of(_ body: String, id: String, secondsSinceEpoch: Int64, secret: String) -> String {
        let key = Data(base64Encoded: String(secret.dropFirst("whsec_".count))) ?? Data(secret.utf8)
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(id).\(secondsSinceEpoch).\(body)".utf8), using: SymmetricKey(data: key))
        return "v1," + Data(code).base64EncodedString()
    }
}
