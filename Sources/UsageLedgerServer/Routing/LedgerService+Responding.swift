import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTPCompression
import UsageLedger

extension LedgerService {
    /// Answers a request to an endpoint. Whatever goes wrong becomes an answer in the envelope.
    func respond(
        _ endpoint: Endpoint, _ request: Request, _ context: ServiceRequestContext, _ meter: EndpointMeter
    ) async -> Response {
        let start = ContinuousClock.now
        let response: Response
        do {
            response = try await answer(endpoint, request, context)
        } catch {
            response = .failure(serviceError(error, context))
        }
        meter.count(status: response.status.code, start.duration(to: .now))
        return response
    }

    private func answer(
        _ endpoint: Endpoint, _ request: Request, _ context: ServiceRequestContext
    ) async throws -> Response {
        let path = request.head.path ?? "/"
        guard path.utf8.count <= configuration.limits.urlBytes else {
            throw ServiceError(
                status: .uriTooLong, title: "URI too long",
                message: "the URL has more than \(configuration.limits.urlBytes) bytes")
        }
        var access = Access.local
        var agent = AgentID("")
        if case .open = endpoint.permission {
        } else {
            access = try await self.access(authorization: request.headers[.authorization])
            if let seconds = limiter.admit(access.name) {
                throw ServiceError.tooMany(
                    "more than \(configuration.limits.requestsPerSecond) requests a second",
                    retryAfterSeconds: seconds)
            }
            agent = try Self.agent(in: context)
            try check(access, for: endpoint, agent: agent)
        }
        let call = Call(
            service: self, request: request, context: context, access: access,
            query: try QueryReader(request.uri.query), agent: agent)
        switch endpoint.handling {
        case .answer(let handle): return try await handle(call)
        case .report(let make): return try report(call, path, make)
        }
    }

    /// A report with its tag: 304 where the caller has it already.
    private func report(_ call: Call, _ path: String, _ make: (Call) throws -> [UInt8]) throws -> Response {
        let tag = try reportTag(call.agent)
        var headers = HTTPFields()
        headers[.eTag] = tag
        headers[.cacheControl] = "private, no-cache"
        headers[.vary] = "Authorization"
        if let known = call.request.headers[.ifNoneMatch],
            known.split(separator: ",").contains(where: { $0.trimmingCharacters(in: .whitespaces) == tag })
                || known == "*"
        {
            return Response(status: .notModified, headers: headers)
        }
        if let bytes = answers.answer(to: path, tag: tag) { return .json(bytes, headers: headers) }
        let bytes = try make(call)
        answers.keep(bytes, to: path, tag: tag)
        return .json(bytes, headers: headers)
    }

    /// Changes with every entry, and with the agent's day: today's figures are others tomorrow.
    func reportTag(_ agent: AgentID) throws -> String {
        let ledger = try openLedger()
        let day = ledger.today(of: agent.rawValue.isEmpty ? nil : agent)
        return "W/\"\(try ledger.lastSequenceNumber())-\(day.daysSinceEpoch)\""
    }

    private static func agent(in context: ServiceRequestContext) throws -> AgentID {
        guard let raw = context.parameters.get("agentId") else { return AgentID("") }
        guard let name = raw.removingPercentEncoding, Limits.nameBytes.contains(name.utf8.count),
            !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw ServiceError.invalid(
                "agentId",
                "is not a name of 1 to \(Limits.nameBytes.upperBound) bytes of UTF-8 without control characters")
        }
        return AgentID(name)
    }

    private func check(_ access: Access, for endpoint: Endpoint, agent: AgentID) throws(ServiceError) {
        // Whose agent it is comes first: what exists of another one is not to be told from the answer.
        if !agent.rawValue.isEmpty, !access.sees(agent) { throw .otherAgent }
        switch endpoint.permission {
        case .open, .anyKey: break
        case .role(let role):
            guard access.allows(role) else {
                throw .forbidden("the key's role is \(access.role.rawValue), not \(role.rawValue)")
            }
        case .everybody(let role):
            guard access.agent == nil else { throw .forbidden("the key is for one agent only") }
            guard access.allows(role) else {
                throw .forbidden("the key's role is \(access.role.rawValue), not \(role.rawValue)")
            }
        }
    }

    /// The answer to give for an error. What was not foreseen goes to the log, with its kind and nothing of the request.
    func serviceError(_ error: any Error, _ context: ServiceRequestContext) -> ServiceError {
        switch error {
        case let error as ServiceError: return error
        case let error as LedgerError:
            note(error)
            let answer = ServiceError(error)
            if answer.status.code >= 500 {
                context.logger.error("a request failed", metadata: ["code": "\(error.code)"])
            }
            return answer
        case is NIOTooManyBytesError: return .tooLarge("the body", limitBytes: configuration.limits.bodyBytes)
        case is NIOHTTPDecompression.DecompressionError:
            return .invalid("body", "is not what its content encoding says")
        default:
            context.logger.error("a request failed", metadata: ["error": "\(type(of: error))"])
            return .failed
        }
    }
}
