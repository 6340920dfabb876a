extension Measurements {
    /// For people: one line a figure.
    func table(_ conditions: Conditions) -> String {
        var text = "\(conditions.events) events in batches of \(conditions.batch), \(conditions.agents) agents, "
        text += "\(conditions.ids.rawValue) ids, \(conditions.tasks) tasks; \(conditions.fileSystem), "
        text += "\(Machine.processor)\n\n"
        text += Self.row("ingestion, everything on", "\(eventsPerSecond.text(0)) events/s")
        text += Self.row("  of processors", "\(processorMicrosecondsPerEvent.text(2)) µs an event")
        text += Self.rival("raw LMDB, same bytes and commits", ratioToRawLMDB, 3, rawEventsPerSecond)
        text += Self.rival("SQLite, same batches", ratioToSQLite, 2, sqliteEventsPerSecond)
        text += Self.rival("PostgreSQL, same batches", ratioToPostgreSQL, 2, postgresEventsPerSecond)
        text += Self.row("  last tenth to first tenth", lastTenthOverFirstTenth?.text(3) ?? "-")
        text += Self.row("  making the events, not counted", "\(generatorEventsPerSecond?.text(0) ?? "-") events/s")
        text += Self.row("one event, awaited, alone", Self.text(single))
        text += Self.row("  to a bare LMDB commit of the same bytes", ratioToBareCommit?.text(2) ?? "-")
        text += Self.row("  beside batches of \(ingestedBeside.batch)", Self.text(singleWhileIngesting))
        text += Self.row(
            "\(concurrentTasks) tasks, each its own events", "\(concurrentEventsPerSecond.text(0)) events/s")
        text += Self.row("overview of an agent", Self.text(reports?.overview))
        text += Self.row("  of the processor alone", Self.text(reports?.overviewProcessor))
        text += Self.row(
            "  p99 to that after \(earlyEvents) events",
            "\(ratioToEarlyOverview?.text(2) ?? "-"); of the processor \(ratioToEarlyOverviewProcessor?.text(2) ?? "-")"
        )
        text += Self.row("month by day of an agent", Self.text(reports?.monthByDay))
        text += Self.row("replay into fresh views", Self.text(replay))
        text += Self.row("verify", Self.text(verify))
        for file in imports {
            text += Self.row("import of \(file.format)", "\(file.eventsPerSecond.text(0)) events/s")
        }
        text += Self.row("open, from disk", "\(coldOpenMilliseconds.text(2)) ms")
        text += Self.row("open, in memory", "\(warmOpenMilliseconds.text(2)) ms")
        text += Self.row(
            "bytes an event",
            "\(bytesPerEvent.text(1)): log \(bytesPerEvent("log").text(1)), ids \(bytesPerEvent("ids").text(1)), "
                + "views \(bytesPerEvent("views").text(1))")
        text += Self.row("peak memory of its own, ingesting", "\(peakMegabytes) MB; the harness \(harnessMegabytes) MB")
        return text
    }

    private static func row(_ name: String, _ value: String) -> String {
        name + String(repeating: " ", count: max(1, 44 - name.count)) + value + "\n"
    }

    private static func rival(_ name: String, _ ratio: Double?, _ digits: Int, _ rate: Double?) -> String {
        guard let ratio, let rate else { return "" }
        return row("  to \(name)", "\(ratio.text(digits)) (\(rate.text(0)) events/s)")
    }

    private static func text(_ fold: Fold?) -> String {
        guard let fold else { return "-" }
        return "\(fold.eventsPerSecond.text(0)) events/s; "
            + "of processors \(fold.processorMicroseconds.text(2)) µs an event"
    }

    private static func text(_ latency: Latency?) -> String {
        guard let latency else { return "-" }
        return "p50 \(latency.p50Microseconds.text(1)), p99 \(latency.p99Microseconds.text(1)), "
            + "p99.9 \(latency.p999Microseconds.text(1)), at most \(latency.maximumMicroseconds.text(1)) µs"
    }
}
