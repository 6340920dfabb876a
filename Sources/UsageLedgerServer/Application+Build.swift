import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import UnixSignals
import UsageLedger

extension LedgerService {
    private static let methods: [HTTPRequest.Method] =
        [.get, .post, .put, .delete, .patch, .options, .trace]
        + [HTTPRequest.Method("QUERY")].compactMap(\.self)

    /// The routes of the contract and of the page.
    func router() -> Router<ServiceRequestContext> {
        let router = Router(context: ServiceRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: UnknownPathMiddleware(service: self))
        var methodsByPath: [String: Set<String>] = [:]
        for endpoint in Endpoint.all {
            methodsByPath[endpoint.path, default: []].insert(endpoint.method.rawValue)
            let meter = EndpointMeter(registry, method: endpoint.method.rawValue, route: endpoint.path)
            router.on(RouterPath(endpoint.path), method: endpoint.method) { [self] request, context in
                await respond(endpoint, request, context, meter)
            }
        }
        for route in PageRoute.all {
            methodsByPath[route.path, default: []].insert(route.method.rawValue)
            let meter = EndpointMeter(registry, method: route.method.rawValue, route: route.path)
            router.on(RouterPath(route.path), method: route.method) { [self] request, context in
                await respond(route, request, context, meter)
            }
        }
        for (path, known) in methodsByPath {
            let allowed = known.union(known.contains("GET") ? ["HEAD"] : []).sorted().joined(separator: ", ")
            for method in Self.methods where !known.contains(method.rawValue) {
                router.on(RouterPath(path), method: method) { [self] request, _ in
                    failure(
                        ServiceError(
                            status: .methodNotAllowed, title: "Method not allowed",
                            message: "the path takes \(allowed)",
                            allowedMethods: allowed),
                        to: request)
                }
            }
        }
        return router
    }

    /// The application that serves the contract: with what runs beside it, and TLS where it is set.
    ///
    /// - Parameters:
    ///   - others: what else runs along.
    ///   - onRunning: told the address, once it is listened on.
    ///   - opening: opens the ledger, while the service already answers that it is not ready.
    /// - Throws: ``ConfigurationError`` where the certificate cannot be read.
    func application(
        beside others: [any Service] = [], onRunning: @escaping @Sendable (String) -> Void = { _ in },
        opening: @escaping @Sendable () async throws -> Ledger
    ) throws -> Application<RouterResponder<ServiceRequestContext>> {
        let limits = configuration.limits
        let idle = TimeAmount.seconds(Int64(limits.idleSeconds))
        var http = HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                GzipHandler(), SlowReaderHandler(patience: idle),
                SlowSenderHandler(bytesPerSecond: limits.minBytesPerSecond, window: idle),
            ], idleTimeout: idle)
        http.httpDecoder.maxHeaderFieldSize = limits.headerBytes
        http.httpDecoder.maxHeaderListSize = limits.headerBytes
        http.httpDecoder.maxHeaderFieldCount = 100
        var server = HTTPServerBuilder.http1(configuration: http)
        if let files = configuration.tls { server = try .tls(server, tlsConfiguration: Self.tls(files)) }
        let logger = logger
        let scheme = configuration.tls == nil ? "http" : "https"
        return Application(
            router: router(), server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: nil,
                availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
            services: [
                LedgerKeeper(service: self, opening: opening), ChangeWatch(service: self), WebhookSender(service: self),
            ] + others,
            onServerRunning: { channel in
                let place = channel.localAddress
                let address = "\(scheme)://\(place?.ipAddress ?? "?"):\(place?.port.map(String.init) ?? "?")"
                logger.info("listening", metadata: ["address": "\(address)"])
                onRunning(address)
            },
            logger: logger)
    }

    private static func tls(_ files: ServiceConfiguration.TLSFiles) throws -> TLSConfiguration {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(files.certificate).map {
                NIOSSLCertificateSource.certificate($0)
            }
            let key = try NIOSSLPrivateKey(file: files.key, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = .tlsv12
            return configuration
        } catch {
            throw ConfigurationError(
                "--tls-certificate '\(files.certificate)' and --tls-key '\(files.key)' cannot be read as PEM")
        }
    }

    /// Serves until SIGTERM or SIGINT: then takes no more requests, ends live streams, answers what is under way, stores
    /// the ledger's views and closes it.
    ///
    /// - Throws: ``LedgerError`` where the ledger cannot be opened or could not be closed well; an error of the network
    ///   where the address is taken.
    public func run() async throws {
        let path = configuration.ledger
        let logger = logger
        try await run {
            try await Ledger.open(at: path, options: Ledger.Options(logger: logger))
        }
    }

    func run(
        beside others: [any Service] = [], onRunning: @escaping @Sendable (String) -> Void = { _ in },
        opening: @escaping @Sendable () async throws -> Ledger
    ) async throws {
        let application = try application(beside: others, onRunning: onRunning, opening: opening)
        var group = ServiceGroupConfiguration(
            services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(configuration.drainSeconds)
        try await ServiceGroup(configuration: group).run()
    }
}
