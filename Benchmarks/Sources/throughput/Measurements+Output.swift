import UsageLedger

/// Under which conditions a run was made.
struct Conditions {
    var events: Int
    var batch: Int
    var agents: Int
    var ids: WorkLoad.IDs
    var tasks: Int
    var fileSystem: String
}

extension Measurements {
    func json(_ conditions: Conditions) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("ingest") { writer in
                writer.object { writer in
                    writer.field("eventsPerSecond", raw: eventsPerSecond.text(0))
                    writer.field("ratioToRawLMDB", raw: ratioToRawLMDB?.text(3) ?? "null")
                    writer.field("ratioToSQLite", raw: ratioToSQLite?.text(2) ?? "null")
                    writer.field("lastTenthOverFirstTenth", raw: lastTenthOverFirstTenth?.text(3) ?? "null")
                }
            }
            writer.field("single") { writer in
                writer.object { writer in
                    writer.latency(single)
                    writer.field("ratioToBareCommit", raw: ratioToBareCommit?.text(2) ?? "null")
                }
            }
            writer.field("concurrent") { writer in
                writer.object { writer in
                    writer.field("tasks", concurrentTasks)
                    writer.field("eventsPerSecond", raw: concurrentEventsPerSecond.text(0))
                }
            }
            writer.fold("replay", replay)
            writer.fold("verify", verify)
            writer.field("report") { writer in writer.object { $0.latency(overview) } }
            writer.field("monthByDay") { writer in writer.object { $0.latency(monthByDay) } }
            writer.field("open") { writer in
                writer.object { $0.field("milliseconds", raw: openMilliseconds.text(2)) }
            }
            writer.field("size") { writer in
                writer.object { writer in
                    writer.field("bytesPerEvent", raw: bytesPerEvent.text(1))
                    for part in ["log", "ids", "views"] { writer.field(part, raw: bytesPerEvent(part).text(1)) }
                }
            }
            writer.field("memory") { writer in writer.object { $0.field("peakMegabytes", peakMegabytes) } }
            writer.field("conditions") { writer in
                writer.object { writer in
                    writer.field("events", conditions.events)
                    writer.field("batch", conditions.batch)
                    writer.field("agents", conditions.agents)
                    writer.field("ids", conditions.ids.rawValue)
                    writer.field("tasks", conditions.tasks)
                    writer.field("fileSystem", conditions.fileSystem)
                    writer.field("processor", Machine.processor)
                }
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    func text(_ conditions: Conditions) -> String {
        func row(_ name: String, _ value: String) -> String {
            name + String(repeating: " ", count: max(1, 44 - name.count)) + value + "\n"
        }
        func latency(_ latency: Latency?) -> String {
            guard let latency else { return "-" }
            return "p50 \(latency.p50Microseconds.text(1)), p99 \(latency.p99Microseconds.text(1)), "
                + "p99.9 \(latency.p999Microseconds.text(1)) µs"
        }
        var text = "\(conditions.events) events in batches of \(conditions.batch), \(conditions.agents) agents, "
        text += "\(conditions.ids.rawValue) ids, \(conditions.tasks) tasks; \(conditions.fileSystem), "
        text += "\(Machine.processor)\n\n"
        text += row("ingestion, everything on", "\(eventsPerSecond.text(0)) events/s")
        text += row("  to raw LMDB, same bytes and commits", ratioToRawLMDB?.text(3) ?? "-")
        text += row("  to SQLite, same batches", ratioToSQLite?.text(2) ?? "-")
        text += row("  last tenth to first tenth", lastTenthOverFirstTenth?.text(3) ?? "-")
        text += row("one event, awaited, alone", latency(single))
        text += row("  to a bare LMDB commit of the same bytes", ratioToBareCommit?.text(2) ?? "-")
        text += row("\(concurrentTasks) tasks, each its own events", "\(concurrentEventsPerSecond.text(0)) events/s")
        text += row("overview of an agent", latency(overview))
        text += row("month by day of an agent", latency(monthByDay))
        text += row("replay into fresh views", "\(replay?.eventsPerSecond.text(0) ?? "-") events/s")
        text += row("verify", "\(verify?.eventsPerSecond.text(0) ?? "-") events/s")
        text += row("open", "\(openMilliseconds.text(2)) ms")
        text += row(
            "bytes an event",
            "\(bytesPerEvent.text(1)): log \(bytesPerEvent("log").text(1)), ids \(bytesPerEvent("ids").text(1)), "
                + "views \(bytesPerEvent("views").text(1))")
        text += row("peak memory of its own", "\(peakMegabytes) MB")
        return text
    }
}

extension JSONWriter {
    fileprivate mutating func latency(_ latency: Measurements.Latency?) {
        field("p50Microseconds", raw: latency?.p50Microseconds.text(1) ?? "null")
        field("p99Microseconds", raw: latency?.p99Microseconds.text(1) ?? "null")
        field("p999Microseconds", raw: latency?.p999Microseconds.text(1) ?? "null")
    }

    fileprivate mutating func fold(_ name: String, _ fold: Measurements.Fold?) {
        field(name) { writer in
            writer.object { writer in
                writer.field("seconds", raw: fold?.seconds.text(3) ?? "null")
                writer.field("eventsPerSecond", raw: fold?.eventsPerSecond.text(0) ?? "null")
            }
        }
    }
}
