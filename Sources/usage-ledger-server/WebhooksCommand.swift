import ArgumentParser
import UsageLedger
import UsageLedgerServer

/// Where alerts are posted to.
struct WebhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks", abstract: "Add, list and remove webhooks; a running service takes notice at once.",
        subcommands: [Add.self, List.self, Remove.self, DeadLetters.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a webhook and print the secret that signs its deliveries (Standard Webhooks).")

        @OptionGroup var options: CareOptions

        @Option(help: "Only this agent's alerts; all alerts when not given.")
        var agent: String?

        @Argument(help: "Where to post to: http or https. Private addresses are refused at delivery, unless allowed.")
        var url: String

        func run() async throws {
            // Alerts that fired before are no news. A ledger that is still to be made has none.
            var last = SequenceNumber.zero
            do {
                let ledger = try await Ledger.open(
                    at: options.directory, options: Ledger.Options(access: .readOnly))
                last = try ledger.lastSequenceNumber()
                try await ledger.close()
            } catch {
                guard error.code == .ledgerMissing else { throw error }
            }
            let webhook = try Webhooks(options.store()).add(
                url: url, agent: agent.map(AgentID.init(rawValue:)), after: last)
            guard options.json else {
                print("\(webhook.id)  \(webhook.secret)")
                return
            }
            var writer = JSONWriter()
            writer.object { writer in
                writer.field("id", webhook.id)
                writer.field("url", webhook.url)
                writer.field("agent", webhook.agent)
                writer.field("secret", webhook.secret)
            }
            print(writer.text)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the webhooks, without their secrets.")

        @OptionGroup var options: CareOptions

        func run() throws {
            let webhooks = try Webhooks(options.store()).list()
            if options.json {
                var writer = JSONWriter()
                writer.object { writer in
                    writer.field("webhooks") { writer in
                        writer.array { writer in
                            for webhook in webhooks {
                                writer.object { writer in
                                    writer.field("id", webhook.id)
                                    writer.field("url", webhook.url)
                                    writer.field("agent", webhook.agent)
                                    writer.field("created", webhook.created.description)
                                }
                            }
                        }
                    }
                }
                print(writer.text)
            } else {
                for webhook in webhooks {
                    print("\(webhook.id)  \(webhook.agent?.rawValue ?? "(all agents)")  \(webhook.url)")
                }
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a webhook, and what is on its way to it.")

        @OptionGroup var options: CareOptions

        @Argument(help: "The webhook's id, as `webhooks list` shows it.")
        var id: String

        func run() throws {
            guard try Webhooks(options.store()).remove(id) else {
                throw CareFailure("there is no webhook '\(id.prefix(40))'")
            }
        }
    }

    struct DeadLetters: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "dead-letters", abstract: "List the deliveries that were given up, with the reason.")

        @OptionGroup var options: CareOptions

        func run() throws {
            let deliveries = try Webhooks(options.store()).deadLetters()
            if options.json {
                var writer = JSONWriter()
                writer.object { writer in
                    writer.field("deadLetters") { writer in
                        writer.array { writer in
                            for delivery in deliveries {
                                writer.object { writer in
                                    writer.field("webhook", delivery.webhook)
                                    writer.field("alert", delivery.alert)
                                    writer.field("attempts", delivery.attempts)
                                    writer.field("reason", delivery.lastFailure)
                                }
                            }
                        }
                    }
                }
                print(writer.text)
            } else {
                for delivery in deliveries {
                    print("\(delivery.webhook)  \(delivery.alert)  \(delivery.attempts)  \(delivery.lastFailure ?? "")")
                }
            }
        }
    }
}
