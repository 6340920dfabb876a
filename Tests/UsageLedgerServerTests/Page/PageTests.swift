import Foundation
import HTTPTypes
import Testing
import UsageLedger

@testable import UsageLedgerServer

@Suite(.bounded) struct PageTests {
    private static let html: HTTPFields = [.accept: "text/html"]
    private static let paths = [
        "/", "/agents/a", "/agents/a?period=year", "/agents/a?from=2026-11-01&to=2026-11-10&category=google_search_api",
        "/agents/a?sort=name&order=desc", "/agents/a/usage", "/agents/a/usage?unpriced=1", "/agents/a/event?id=1",
        "/download?format=csv", "/agents/a/download?what=usage&format=json", "/agents/a/download?what=day&format=csv",
        "/login", "/page.css", "/page.js", "/favicon.ico",
    ]

    /// Names with everything that could become more than text.
    private static let hostile = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"

    /// Logs in: the cookie to send, and the header that set it.
    private static func logIn(_ caller: Caller, _ key: String, next: String = "/") async throws -> (String, Answer) {
        let body = "key=\(PageLink.encoded(key))&next=\(PageLink.encoded(next))"
        let answer = try await caller.post("/login", body, type: "application/x-www-form-urlencoded", headers: html)
        let cookie = answer.headers[.setCookie]?.split(separator: ";").first.map(String.init) ?? ""
        return (cookie, answer)
    }

    private static func token(_ answer: Answer) throws -> String {
        String(try #require(answer.text.firstMatch(of: /name="token" value="([0-9a-f]+)"/)).1)
    }

    @Test func `every path answers with what it is and what a browser may do with it`() async throws {
        let test = try await TestService()
        try await test.search("a", id: "1")
        try await test.serve { caller async throws in
            for path in Self.paths {
                let answer = try await caller.get(path, headers: Self.html)
                let isSent = path == "/login"
                #expect(answer.status == (isSent ? 303 : 200), "\(path)")
                let policy = try #require(answer.headers[HTTPField.Name("Content-Security-Policy")!])
                #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("unsafe"))
                #expect(answer.headers[HTTPField.Name("X-Content-Type-Options")!] == "nosniff")
                #expect(!answer.text.contains("<style") && !answer.text.contains(" style="), "\(path)")
                #expect(!answer.text.contains(/<script(?! src="\/page)/), "\(path)")
                #expect(answer.text.utf8.count < 200_000)
            }
            let overview = try await caller.get("/agents/a", headers: Self.html)
            #expect(overview.text.contains("id=\"spend\" title=\"0.005 USD\""))
            #expect(try await caller.get("/agents/a/event?id=1", headers: Self.html).text.contains("0.005 / 1 = 0.005"))
        }
    }

    @Test func `what is wrong is said on a page to a browser and in the envelope to a program`() async throws {
        let test = try await TestService()
        try await test.serve { caller async throws in
            for (path, status) in [
                ("/agents/a?period=eternity", 400), ("/agents/a?from=2026-11-01", 400), ("/agents/a?from=x&to=y", 400),
                ("/agents/a/event?id=none", 404), ("/nothing", 404), ("/agents/a/usage?after=x", 400),
                ("/agents/a/download?what=agent", 400),
            ] {
                let page = try await caller.get(path, headers: Self.html)
                #expect(page.status == status, "\(path)")
                #expect(page.text.hasPrefix("<!doctype html>"), "\(path)")
                let program = try await caller.get(path)
                #expect(program.status == status, "\(path)")
                #expect(program.part("success") == .bool(false), "\(path)")
            }
            let empty = try await caller.get("/agents/nobody", headers: Self.html)
            #expect(empty.status == 200 && empty.text.contains("Nothing was used in this period"))
            #expect(try await caller.ask(.post, "/agents/a", Self.html).status == 405)
        }
    }

    @Test func `a key becomes a cookie that no script and no other site can use, until it is logged out or revoked`()
        async throws
    {
        let test = try await TestService()
        let keys = AccessKeys(test.store)
        let (key, text) = try keys.create(agent: "a", role: .read)
        try await test.serve { caller async throws in
            let refused = try await caller.get("/agents/a?period=week", headers: Self.html)
            #expect(refused.status == 303)
            #expect(refused.headers[.location] == "/login?next=%2Fagents%2Fa%3Fperiod%3Dweek")
            #expect(try await Self.logIn(caller, text + "0").1.status == 401)
            let (cookie, answer) = try await Self.logIn(caller, text, next: "/agents/a?period=week")
            #expect(answer.headers[.location] == "/agents/a?period=week")
            let flags = try #require(answer.headers[.setCookie])
            #expect(flags.contains("; HttpOnly") && flags.contains("; SameSite=Strict") && flags.contains("; Path=/"))
            #expect(!flags.contains(text))
            let headers: HTTPFields = [.accept: "text/html", .cookie: cookie]
            let page = try await caller.get("/agents/a", headers: headers)
            #expect(page.status == 200)
            #expect(try await caller.get("/", headers: headers).headers[.location] == "/agents/a")
            #expect(
                try await caller.get("/agents/a", headers: [.accept: "text/html", .cookie: cookie + "A"]).status == 303)
            // The form of another site, and one without its token.
            let form = "token=\(try Self.token(page))"
            let type = "application/x-www-form-urlencoded"
            var other = headers
            other[.origin] = "https://elsewhere.example"
            #expect(try await caller.post("/logout", form, type: type, headers: other).status == 403)
            #expect(try await caller.post("/logout", "", type: type, headers: headers).status == 403)
            #expect(try await caller.post("/logout", form, type: type, headers: headers).status == 303)
            #expect(try await caller.get("/agents/a", headers: headers).status == 303)
            let (again, _) = try await Self.logIn(caller, text)
            #expect(try keys.revoke(key.id))
            #expect(try await caller.get("/agents/a", headers: [.accept: "text/html", .cookie: again]).status == 303)
        }
    }

    @Test(arguments: ["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example", "/a\r\nX: y", ""])
    func `after logging in nobody is sent to another site`(_ next: String) async throws {
        let test = try await TestService()
        let key = try test.key(.admin)
        try await test.serve { caller async throws in
            #expect(try await Self.logIn(caller, key, next: next).1.headers[.location] == "/")
        }
    }

    @Test func `a key of one agent opens no page of another, nor that of all`() async throws {
        let test = try await TestService()
        try await test.search("b", id: "theirs")
        let key = try test.key(.admin, agent: "a")
        try await test.serve { caller async throws in
            let (cookie, _) = try await Self.logIn(caller, key)
            let headers: HTTPFields = [.accept: "text/html", .cookie: cookie]
            for path in [
                "/agents/b", "/agents/b/usage", "/agents/b/event?id=theirs", "/agents/b/download", "/agents/b/live",
                "/download", "/live", "/agents/%62",
            ] { #expect(try await caller.get(path, headers: headers).status == 403, "\(path)") }
            #expect(try await caller.get("/agents/a/event?id=theirs", headers: headers).status == 404)
        }
    }

    @Test func `an alert is acknowledged by who may, once, and only the agent's own`() async throws {
        let test = try await TestService()
        try await test.ledger.set(Budget(agent: "a", period: .monthly, amount: "0.005"))
        try await test.search("a")
        let alert = try #require(try test.ledger.recordedAlerts(agent: "a").last)
        let reader = try test.key(.read, agent: "a")
        let admin = try test.key(.admin, agent: "a")
        let type = "application/x-www-form-urlencoded"
        try await test.serve { caller async throws in
            let path = "/agents/a/alerts/\(alert.id)/acknowledge"
            for (key, status) in [(reader, 403), (admin, 303)] {
                let (cookie, _) = try await Self.logIn(caller, key)
                let headers: HTTPFields = [.accept: "text/html", .cookie: cookie]
                let page = try await caller.get("/agents/a", headers: headers)
                #expect(page.text.contains(path) == (status == 303))
                let form = "token=\(try Self.token(page))&back=%2Fagents%2Fa"
                #expect(try await caller.post(path, form, type: type, headers: headers).status == status)
                let none = "/agents/a/alerts/9-9/acknowledge"
                #expect(
                    try await caller.post(none, form, type: type, headers: headers).status
                        == (status == 303 ? 404 : 403))
            }
            #expect(try test.ledger.recordedAlerts(agent: "a").last?.status == .acknowledged)
        }
    }

    @Test(arguments: ["", "\u{301}"])
    func `names and metadata are text, whatever they hold`(_ accent: String) async throws {
        // A mark on top of a quotation mark makes one character of the two, but not for a browser.
        let name = Self.hostile.replacing("\"", with: "\"\(accent)") + accent
        let test = try await TestService()
        let category = CategoryName("c" + name)
        try await test.ledger.declare(
            CostCategory(
                name: category, provider: ProviderName("p" + name), unit: "request", pricingModel: "per_request"))
        try await test.ledger.record(
            UsageEvent(
                id: EventID("e" + name), agent: AgentID("a" + name), lead: LeadID("l" + name),
                operation: OperationName("o" + name), lines: [UsageLine(category: category, quantity: 1)],
                metadata: try Metadata(parsing: #"{"x":"<script>alert(3)</script>"}"#)))
        try await test.serve { caller async throws in
            let agent = PageLink.agent(AgentID("a" + name))
            for path in ["/", agent, agent + "/usage", agent + "/event?id=" + PageLink.encoded("e" + name)] {
                let answer = try await caller.get(path, headers: Self.html)
                #expect(answer.status == 200)
                #expect(answer.text.contains("&lt;script&gt;alert(1)"), "\(path)")
                #expect(!answer.text.contains("<script>") && !answer.text.contains("<img"), "\(path)")
                // Scalar by scalar: as characters the quotation mark and its accent are one.
                let scalars = String(decoding: answer.text.utf8.filter { $0 < 0x80 }, as: UTF8.self)
                #expect(!scalars.contains("\"&#39;"), "\(path)")
            }
        }
    }

    @Test func `a drill-down gives the lines behind a figure, page by page, and their file`() async throws {
        let test = try await TestService()
        for number in 0..<130 { try await test.search("a", id: EventID("s\(number)")) }
        try await test.search("a", id: "other", operation: "other")
        try await test.serve { caller async throws in
            let query = "operation=property_search"
            let first = try await caller.get("/agents/a/usage?\(query)", headers: Self.html)
            #expect(
                first.text.contains("0.65 USD")
                    && first.text.components(separatedBy: "<td class=\"time\">").count == 101)
            let link = try #require(first.text.firstMatch(of: /rel="next" href="([^"]+)"/)).1
            let next = String(link).replacing("&amp;", with: "&")
            let second = try await caller.get(next, headers: Self.html)
            #expect(second.text.components(separatedBy: "<td class=\"time\">").count == 31)
            #expect(!second.text.contains("rel=\"next\""))
            let file = try await caller.get("/agents/a/download?\(query)&what=usage&format=csv")
            #expect(file.text.split(separator: "\r\n").count == 131)
            #expect(file.headers[.contentDisposition]?.hasPrefix("attachment") == true)
        }
    }
}
