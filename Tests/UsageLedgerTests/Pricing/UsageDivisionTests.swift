import Testing

@testable import UsageLedger

@Suite(.bounded) struct UsageDivisionTests {
    private static func lines(
        _ usage: [(UsageClass, Quantity)], _ amounts: [(UsageClass, Money?)]
    ) throws -> Set<String> {
        let lines = try Sample.lines(Sample.call(usage), Sample.card(amounts))
        #expect(Set(lines).count == lines.count)
        return Set(lines)
    }

    private static func refusal(_ usage: [(UsageClass, Quantity)], _ amounts: [(UsageClass, Money?)]) -> LedgerError? {
        let error = #expect(throws: LedgerError.self) { try Self.lines(usage, amounts) }
        #expect(error?.code == .invalidEvent)
        return error
    }

    /// 1000 tokens, of which 600 cached, 500 audio, 300 both.
    private static let overlapping: [(UsageClass, Quantity)] = [
        (.inputTokens, 1000), (.cacheReadTokens, 600), (.inputAudioTokens, 500), (.cacheAudioReadTokens, 300),
    ]

    // MARK: Overlaps

    @Test(
        arguments: [
            (
                [(.inputTokens, 1), (.cacheReadTokens, 2), (.inputAudioTokens, 3), (.cacheAudioReadTokens, 4)],
                [
                    "input_tokens 200 200", "cache_read_tokens 300 600", "input_audio_tokens 200 600",
                    "cache_audio_read_tokens 300 1200",
                ]
            ),
            ([(.inputTokens, 1)], ["input_tokens 1000 1000"]),
            ([(.inputTokens, 1), (.cacheReadTokens, 2)], ["input_tokens 400 400", "cache_read_tokens 600 1200"]),
            ([(.inputTokens, 1), (.inputAudioTokens, 3)], ["input_tokens 500 500", "input_audio_tokens 500 1500"]),
            (
                [(.inputTokens, 1), (.cacheAudioReadTokens, 4)],
                ["input_tokens 700 700", "cache_audio_read_tokens 300 1200"]
            ),
            // Cached audio without a rate is priced as what is cached, and is in no other line.
            (
                [(.inputTokens, 1), (.cacheReadTokens, 2), (.inputAudioTokens, 3)],
                ["input_tokens 200 200", "cache_read_tokens 600 1200", "input_audio_tokens 200 600"]
            ),
            // What only its part has a price for is unpriced, without the part.
            (
                [(.inputTokens, nil), (.cacheReadTokens, 2)],
                ["input_tokens 400 unpriced", "cache_read_tokens 600 1200"]
            ),
            (
                [(.inputTokens, nil), (.cacheReadTokens, 2), (.inputAudioTokens, 3)],
                ["input_tokens 200 unpriced", "cache_read_tokens 600 1200", "input_audio_tokens 200 600"]
            ),
            ([], ["acme_input_tokens 1000 unpriced"]),
        ] as [([(UsageClass, Money?)], Set<String>)])
    func `what is cached and audio at once is counted once`(
        _ amounts: [(UsageClass, Money?)], _ lines: Set<String>
    ) throws {
        #expect(try Self.lines(Self.overlapping, amounts) == lines)
        #expect(try Self.lines(Self.overlapping.reversed(), amounts) == lines)
    }

    @Test func `two classes that overlap need the part they share where it has a rate`() throws {
        let usage = Array(Self.overlapping.dropLast())
        let amounts: [(UsageClass, Money?)] = [(.inputTokens, 1), (.cacheReadTokens, 2), (.inputAudioTokens, 3)]
        #expect(
            try Self.lines([(.inputTokens, 1000), (.cacheReadTokens, 600), (.inputAudioTokens, 300)], amounts) == [
                "input_tokens 100 100", "cache_read_tokens 600 1200", "input_audio_tokens 300 900",
            ])
        let error = Self.refusal(usage, amounts + [(.cacheAudioReadTokens, 4)])
        #expect(error?.field == "usage.cache_audio_read_tokens")
        #expect(["cache_read_tokens", "input_audio_tokens"].allSatisfy { error?.message.contains($0) == true })
        #expect(
            try Self.lines(
                [(.inputTokens, 1000), (.cacheReadTokens, 0), (.inputAudioTokens, 500)],
                amounts + [(.cacheAudioReadTokens, 4)]) == [
                    "input_tokens 500 500", "cache_read_tokens 0 0", "input_audio_tokens 500 1500",
                ], "nothing shares none of nothing")
    }

    @Test func `a part that several priced classes share is in the nearest of them, not in what is around them`() throws
    {
        let usage: [(UsageClass, Quantity)] = [
            (.inputTokens, 100), (.inputAudioTokens, 50), (.cacheWriteTokens, 40), (.cacheWrite1hTokens, 30),
            ("cache_audio_write_tokens", 25), ("cache_audio_write_1h_tokens", 20),
        ]
        let amounts: [(UsageClass, Money?)] = [(.inputAudioTokens, 3), (.cacheWrite1hTokens, 2)]
        let inTotal = "input_tokens 40"
        #expect(
            try Self.lines(usage, amounts + [(.inputTokens, 1)]) == [
                "\(inTotal) 40", "input_audio_tokens 30 90", "cache_write_1h_tokens 30 60",
            ])
        #expect(
            try Self.lines(usage, amounts + [(.inputTokens, nil)]) == [
                "\(inTotal) unpriced", "input_audio_tokens 30 90", "cache_write_1h_tokens 30 60",
            ])
    }

    // MARK: Caches and reasoning

    @Test(
        arguments: [
            ([], ["input_tokens 100 100"]),
            ([(.cacheWriteTokens, 2)], ["input_tokens 40 40", "cache_write_tokens 60 120"]),
            (
                [(.cacheWriteTokens, 2), (.cacheWrite1hTokens, 5)],
                ["input_tokens 40 40", "cache_write_tokens 40 80", "cache_write_1h_tokens 20 100"]
            ),
            ([(.cacheWrite1hTokens, 5)], ["input_tokens 80 80", "cache_write_1h_tokens 20 100"]),
            (
                [("cache_write_5m_tokens", 3), (.cacheWrite1hTokens, 5)],
                ["input_tokens 50 50", "cache_write_5m_tokens 30 90", "cache_write_1h_tokens 20 100"]
            ),
        ] as [([(UsageClass, Money?)], Set<String>)])
    func `tokens written to a cache are priced by how long they live where that has a rate`(
        _ amounts: [(UsageClass, Money?)], _ lines: Set<String>
    ) throws {
        let usage: [(UsageClass, Quantity)] = [
            (.inputTokens, 100), (.cacheWriteTokens, 60), (.cacheWrite1hTokens, 20), ("cache_write_5m_tokens", 30),
        ]
        #expect(try Self.lines(usage, [(.inputTokens, 1)] + amounts) == lines)
    }

    @Test(arguments: ["reasoning_tokens", "output_reasoning_tokens"] as [UsageClass])
    func `both names of reasoning have the one rate`(_ name: UsageClass) throws {
        for rated in ["reasoning_tokens", "output_reasoning_tokens"] as [UsageClass] {
            #expect(
                try Self.lines([(.outputTokens, 100), (name, 70)], [(.outputTokens, 1), (rated, 3)])
                    == ["output_tokens 30 30", "\(rated) 70 210"])
        }
        #expect(try Self.lines([(.outputTokens, 100), (name, 70)], [(.outputTokens, 1)]) == ["output_tokens 100 100"])
    }

    @Test func `both names of reasoning at once are refused`() {
        let error = Self.refusal(
            [(.outputTokens, 100), (.reasoningTokens, 70), ("output_reasoning_tokens", 70)], [(.outputTokens, 1)])
        #expect(error?.field == "usage.reasoning_tokens")
        #expect(error?.message.contains("output_reasoning_tokens") == true)
    }

    // MARK: Contradictions

    @Test(
        arguments: [
            ([(.inputTokens, 10), (.cacheReadTokens, 11)], "cache_read_tokens", "input_tokens"),
            (
                [(.inputTokens, 10), (.inputAudioTokens, 5), (.cacheAudioReadTokens, 3)], "cache_audio_read_tokens",
                "cache_read_tokens"
            ),
            (
                [(.inputTokens, 10), (.cacheReadTokens, 5), (.cacheAudioReadTokens, 3)], "cache_audio_read_tokens",
                "input_audio_tokens"
            ),
            ([(.cacheReadTokens, 0)], "cache_read_tokens", "input_tokens"),
            ([(.inputTokens, 10), (.cacheWrite1hTokens, 1)], "cache_write_1h_tokens", "cache_write_tokens"),
            ([(.outputTokens, 10), (.inputImageTokens, 1)], "input_image_tokens", "input_tokens"),
            (
                [(.inputTokens, 10), (.cacheWriteTokens, 3), (.cacheWrite1hTokens, 4)], "cache_write_1h_tokens",
                "cache_write_tokens"
            ),
            ([("input_annotated_document_pages", 1)], "input_annotated_document_pages", "input_document_pages"),
        ] as [([(UsageClass, Quantity)], String, String)])
    func `a part that is larger than its whole, or without it, is refused and both are named`(
        _ usage: [(UsageClass, Quantity)], _ part: String, _ whole: String
    ) {
        for amounts in [[], usage.map { ($0.0, 1) }] as [[(UsageClass, Money?)]] {
            let error = Self.refusal(usage, amounts)
            #expect(error?.field == "usage.\(part)")
            #expect(error?.message.contains(whole) == true)
        }
    }

    @Test func `parts that add up to more than their whole are refused, with the sum`() {
        let error = Self.refusal(
            [(.inputTokens, 10), (.cacheReadTokens, 6), (.cacheWriteTokens, 5)],
            [(.inputTokens, 1), (.cacheReadTokens, 1), (.cacheWriteTokens, 1)])
        #expect(error?.field == "usage")
        #expect(["input_tokens", "11", "10"].allSatisfy { error?.message.contains($0) == true })
    }

    @Test func `two classes of one category are refused`() {
        let error = Self.refusal([("input_audio_seconds", 1), ("output_audio_seconds", 2)], [("audio_seconds", 1)])
        #expect(error?.field == "usage")
        #expect(["input_audio_seconds", "output_audio_seconds"].allSatisfy { error?.message.contains($0) == true })
    }

    // MARK: Seconds and calls

    @Test func `seconds may be reported as a part alone, and cost what the whole does unless they have a rate`() throws
    {
        let usage: [(UsageClass, Quantity)] = [("input_audio_seconds", 30)]
        #expect(try Self.lines(usage, [("audio_seconds", 2)]) == ["audio_seconds 30 60"])
        #expect(
            try Self.lines(usage, [("audio_seconds", 2), ("input_audio_seconds", 3)]) == ["input_audio_seconds 30 90"])
        #expect(try Self.lines(usage, []) == ["acme_input_audio_seconds 30 unpriced"])
        #expect(
            try Self.lines(usage + [("audio_seconds", 40)], [("audio_seconds", 2), ("input_audio_seconds", 3)])
                == ["audio_seconds 10 20", "input_audio_seconds 30 90"])
    }

    @Test func `a call is counted once where calls have a rate, unless it says how often`() throws {
        let amounts: [(UsageClass, Money?)] = [(.inputTokens, 1), (.requests, 5)]
        #expect(try Self.lines([(.inputTokens, 10)], amounts) == ["input_tokens 10 10", "requests 1 5"])
        #expect(
            try Self.lines([(.inputTokens, 10), (.requests, 3)], amounts) == ["input_tokens 10 10", "requests 3 15"])
        #expect(
            try Self.lines([(.inputTokens, 10), (.requests, 0)], amounts) == ["input_tokens 10 10", "requests 0 0"])
        #expect(try Self.lines([(.inputTokens, 10)], [(.inputTokens, 1), (.requests, nil)]) == ["input_tokens 10 10"])
        #expect(
            try Self.lines([(.inputTokens, 10), (.requests, 3)], [(.inputTokens, 1)])
                == ["input_tokens 10 10", "acme_requests 3 unpriced"])
        #expect(try Sample.lines(Sample.call([]), Sample.card(amounts)) == [], "an event without usage is no call")
    }
}
