public import ArgumentParser
import UsageLedger
public import UsageLedgerServer

/// The keys that callers show.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make, list and revoke keys; a running service takes notice at once.",
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a key and print it: the only time it is shown.")

        @OptionGroup var options: CareOptions

        @Option(help: "The one agent that the key lets see; all agents when not given.")
        var agent: String?

        @Option(help: "What it lets do: read, ingest or admin.")
        var role: Role

        func validate() throws {
            guard let agent, !Limits.nameBytes.contains(agent.utf8.count) else { return }
            throw ValidationError("an agent's name has 1 to \(Limits.nameBytes.upperBound) bytes")
        }

        func run() throws {
            let (key, text) = try AccessKeys(options.store()).create(
                agent: agent.map(AgentID.init(rawValue:)), role: role)
            guard options.json else {
                print(text)
                return
            }
            var writer = JSONWriter()
            writer.object { writer in
                writer.field("id", key.id)
                writer.field("key", text)
                writer.field("agent", key.agent)
                writer.field("role", key.role.rawValue)
            }
            print(writer.text)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys, without their secrets.")

        @OptionGroup var options: CareOptions

        func run() throws {
            let keys = try AccessKeys(options.store()).list()
            if options.json {
                var writer = JSONWriter()
                writer.object { $0.field("keys") { $0.array { for key in keys { $0.listed(key) } } } }
                print(writer.text)
            } else {
                for key in keys {
                    print("\(key.id)  \(key.role.rawValue)  \(key.agent?.rawValue ?? "(all agents)")  \(key.created)")
                }
            }
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke a key: from now on it opens nothing.")

        @OptionGroup var options: CareOptions

        @Argument(help: "The key's id, as `keys list` shows it.")
        var id: String

        func run() throws {
            guard try AccessKeys(options.store()).revoke(id) else {
                throw CareFailure("there is no key '\(id.prefix(40))'")
            }
        }
    }
}

extension Role: ExpressibleByArgument {}

/// A failure told on one line; ends with exit code 1.
struct CareFailure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

extension JSONWriter {
    fileprivate mutating func listed(_ key: AccessKey) {
        object { writer in
            writer.field("id", key.id)
            writer.field("agent", key.agent)
            writer.field("role", key.role.rawValue)
            writer.field("created", key.created.description)
        }
    }
}
