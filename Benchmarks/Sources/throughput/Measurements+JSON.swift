import UsageLedger

extension Measurements {
    /// One object, without line breaks.
    func json(_ conditions: Conditions) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("ingest") { $0.object(writeIngestion) }
            writer.field("single") { writer in
                writer.object { writer in
                    writer.latency(single)
                    writer.field("ratioToBareCommit", raw: ratioToBareCommit.json(2))
                    writer.field("whileIngesting") { writer in
                        writer.object { writer in
                            writer.latency(singleWhileIngesting)
                            writer.field("batch", ingestedBeside.batch)
                            writer.field("events", ingestedBeside.events)
                        }
                    }
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
            writer.field("import") { writer in
                writer.object { writer in
                    for file in imports {
                        writer.field(file.format) { writer in
                            writer.object { writer in
                                writer.field("eventsPerSecond", raw: file.eventsPerSecond.text(0))
                                writer.field("events", file.events)
                                writer.field("bytes", file.bytes)
                            }
                        }
                    }
                }
            }
            writer.field("report") { $0.object(writeReport) }
            writer.field("monthByDay") { writer in writer.object { $0.latency(reports?.monthByDay) } }
            writer.field("open") { writer in
                writer.object { writer in
                    writer.field("milliseconds", raw: coldOpenMilliseconds.text(2))
                    writer.field("warmMilliseconds", raw: warmOpenMilliseconds.text(2))
                }
            }
            writer.field("size") { writer in
                writer.object { writer in
                    writer.field("bytesPerEvent", raw: bytesPerEvent.text(1))
                    for part in ["log", "ids", "views"] { writer.field(part, raw: bytesPerEvent(part).text(1)) }
                }
            }
            writer.field("memory") { writer in
                writer.object { writer in
                    writer.field("peakMegabytes", peakMegabytes)
                    writer.field("harnessMegabytes", harnessMegabytes)
                }
            }
            writer.field("conditions") { writer in writer.object { write(conditions, to: &$0) } }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func writeIngestion(to writer: inout JSONWriter) {
        writer.field("eventsPerSecond", raw: eventsPerSecond.text(0))
        writer.field("ratioToRawLMDB", raw: ratioToRawLMDB.json(3))
        writer.field("ratioToSQLite", raw: ratioToSQLite.json(2))
        writer.field("ratioToPostgreSQL", raw: ratioToPostgreSQL.json(2))
        writer.field("lastTenthOverFirstTenth", raw: lastTenthOverFirstTenth.json(3))
        writer.field("eventsPerSecondOfSlices") { writer in
            writer.array { writer in for slice in ledgerSlices { writer.raw(slice.text(0)) } }
        }
        writer.field("processorMicrosecondsPerEvent", raw: processorMicrosecondsPerEvent.text(3))
        writer.field("processorMicrosecondsPerEventOfSlices") { writer in
            writer.array { writer in for slice in processorMicroseconds { writer.raw(slice.text(3)) } }
        }
        writer.field("rawLMDBEventsPerSecond", raw: rawEventsPerSecond.json(0))
        writer.field("sqliteEventsPerSecond", raw: sqliteEventsPerSecond.json(0))
        writer.field("postgreSQLEventsPerSecond", raw: postgresEventsPerSecond.json(0))
        writer.field("workLoadEventsPerSecond", raw: generatorEventsPerSecond.json(0))
    }

    private func writeReport(to writer: inout JSONWriter) {
        writer.latency(reports?.overview)
        writer.field("processor") { writer in writer.object { $0.latency(reports?.overviewProcessor) } }
        writer.field("p99RatioToEarlier", raw: ratioToEarlyOverview.json(2))
        writer.field("processorP99RatioToEarlier", raw: ratioToEarlyOverviewProcessor.json(2))
        writer.field("earlier") { writer in
            writer.object { writer in
                writer.field("events", earlyEvents)
                writer.latency(earlyReports?.overview)
                writer.field("processor") { writer in writer.object { $0.latency(earlyReports?.overviewProcessor) } }
            }
        }
    }

    private func write(_ conditions: Conditions, to writer: inout JSONWriter) {
        writer.field("events", conditions.events)
        writer.field("batch", conditions.batch)
        writer.field("agents", conditions.agents)
        writer.field("ids", conditions.ids.rawValue)
        writer.field("tasks", conditions.tasks)
        writer.field("compared", conditions.compared)
        writer.field("fileSystem", conditions.fileSystem)
        writer.field("processor", Machine.processor)
    }
}

extension JSONWriter {
    fileprivate mutating func latency(_ latency: Latency?) {
        field("p50Microseconds", raw: (latency?.p50Microseconds).json(1))
        field("p99Microseconds", raw: (latency?.p99Microseconds).json(1))
        field("p999Microseconds", raw: (latency?.p999Microseconds).json(1))
        field("maximumMicroseconds", raw: (latency?.maximumMicroseconds).json(1))
        field("count", latency?.count ?? 0)
    }

    fileprivate mutating func fold(_ name: String, _ fold: Measurements.Fold?) {
        field(name) { writer in
            writer.object { writer in
                writer.field("seconds", raw: (fold?.seconds).json(3))
                writer.field("eventsPerSecond", raw: (fold?.eventsPerSecond).json(0))
                writer.field("processorMicrosecondsPerEvent", raw: (fold?.processorMicroseconds).json(3))
            }
        }
    }
}
