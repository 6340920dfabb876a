import Foundation
import HTTPTypes
import JWTKit
import Testing
import UsageLedger

@testable import UsageLedgerServer

@Suite(.bounded) struct TokenTests {
    private struct Claims: JWTPayload {
        var iss: String?
        var aud: String?
        var agent: String?
        var role: String?
        var exp: Double?

        func verify(using algorithm: some JWTAlgorithm) {}
    }

    private static func keyFile(_ key: ES256PrivateKey) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json").path
        let point = try #require(key.parameters)
        func url(_ text: String) -> String {
            text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }
        let text =
            #"{"keys":[{"kty":"EC","kid":"test","alg":"ES256","crv":"P-256","#
            + #""x":"\#(url(point.x))","y":"\#(url(point.y))"}]}"#
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    private static func token(_ key: ES256PrivateKey, _ change: (inout Claims) -> Void) async throws -> String {
        var claims = Claims(iss: "issuer", aud: "ledger", agent: "a", exp: Date().timeIntervalSince1970 + 1000)
        change(&claims)
        return try await JWTKeyCollection().add(ecdsa: key, kid: "test").sign(claims, kid: "test")
    }

    @Test func `a token of the identity provider opens what its claims say, and a wrong one nothing`() async throws {
        let key = ES256PrivateKey()
        let file = try Self.keyFile(key)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let test = try await TestService("--jwt-keys", file, "--jwt-issuer", "issuer", "--jwt-audience", "ledger")
        let good = try await Self.token(key) { _ in }
        let everybody = try await Self.token(key) { $0.agent = "*" }
        let admin = try await Self.token(key) { $0.role = "admin" }
        let wrong = [
            try await Self.token(key) { $0.iss = "another" }, try await Self.token(key) { $0.aud = "another" },
            try await Self.token(key) { $0.agent = nil }, try await Self.token(key) { $0.exp = 1 },
            try await Self.token(key) { $0.exp = nil }, try await Self.token(key) { $0.role = "king" },
            try await Self.token(ES256PrivateKey()) { _ in }, good + "x",
        ]
        try await test.serve { caller async throws in
            let path = "/api/cost-tracking-dashboard/overview/"
            #expect(try await caller.get(path + "a").status == 401)
            #expect(try await caller.with(key: good).get(path + "a").status == 200)
            #expect(try await caller.with(key: good).get(path + "b").status == 403)
            #expect(try await caller.with(key: everybody).get(path + "b").status == 200)
            let budget = "/api/cost-tracking/budgets/a/monthly"
            #expect(try await caller.with(key: good).ask(.delete, budget).status == 403)
            #expect(try await caller.with(key: admin).ask(.delete, budget).status == 404)
            for token in wrong { #expect(try await caller.with(key: token).get(path + "a").status == 401) }
        }
    }
}
