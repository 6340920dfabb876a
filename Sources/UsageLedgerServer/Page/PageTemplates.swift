import Foundation
import Mustache

/// The page's HTML, in the executable itself.
enum PageTemplates {
    private static let library: MustacheLibrary = {
        MustacheContentTypes.register(PageText(), named: PageText.name)
        let sources: [(String, [UInt8])] = [
            ("head", PackageResources.head_mustache), ("foot", PackageResources.foot_mustache),
            ("login", PackageResources.login_mustache), ("error", PackageResources.error_mustache),
            ("periods", PackageResources.periods_mustache), ("cards", PackageResources.cards_mustache),
            ("chart", PackageResources.chart_mustache), ("breakdown", PackageResources.breakdown_mustache),
            ("budgets", PackageResources.budgets_mustache), ("alert", PackageResources.alert_mustache),
            ("alerts", PackageResources.alerts_mustache),
            ("unpriced", PackageResources.unpriced_mustache), ("agent", PackageResources.agent_mustache),
            ("agents", PackageResources.agents_mustache), ("lines", PackageResources.lines_mustache),
            ("event", PackageResources.event_mustache),
        ]
        var library = MustacheLibrary()
        for (name, bytes) in sources {
            // Parsed once; a mistake in one shows in the first test.
            let text = "{{% CONTENT_TYPE: \(PageText.name)}}" + String(decoding: bytes, as: UTF8.self)
            guard let template = try? MustacheTemplate(string: text) else {
                preconditionFailure("the template '\(name)' is not Mustache")
            }
            library.register(template, named: name)
        }
        return library
    }()

    static func render(_ name: String, _ values: [String: Any]) throws -> String {
        guard let html = library.render(values, withTemplate: name) else { throw ServiceError.failed }
        return html
    }
}
