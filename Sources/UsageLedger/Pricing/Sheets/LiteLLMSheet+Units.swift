extension LiteLLMEntry {
    /// Keys that price something that is counted, and the class that counts it.
    private static let units: [(key: String, usageClass: UsageClass)] = [
        ("input_cost_per_character", "input_characters"),
        ("output_cost_per_character", "output_characters"),
        ("input_cost_per_query", "queries"),
        ("input_cost_per_request", .requests),
        ("input_cost_per_text_message", "input_text_messages"),
        ("input_cost_per_audio_per_second", "input_audio_seconds"),
        ("input_cost_per_video_per_second", "input_video_seconds"),
        ("output_cost_per_image", "output_images"),
        ("code_interpreter_cost_per_session", "code_interpreter_sessions"),
        ("ocr_cost_per_page", "input_document_pages"),
        // A part of all pages, as in genai-prices: it costs this instead of the price of a page.
        ("annotation_cost_per_page", "input_annotated_document_pages"),
        ("ocr_cost_per_credit", "credits"),
    ]

    /// Adds the rates of what is not counted in tokens.
    mutating func addUnits() throws(SheetObjection) {
        let hasOutputImages = try addImages()
        for (key, usageClass) in Self.units where !(hasOutputImages && usageClass == "output_images") {
            try dropSameAboveThreshold(key)
            if let text = try takePrice(key) { try add(usageClass, text) }
            if let text = try takePrice(key + Self.batch) {
                try add(usageClass, text, conditions: RateConditions(context: ["processing": "batch"]))
            }
        }
        try addSeconds()
    }

    private mutating func add(
        _ usageClass: UsageClass, _ text: String, conditions: RateConditions = .none
    ) throws(SheetObjection) {
        // Small amounts are published per million, others per unit.
        let isSmall = ["character", "pixel"].contains(SheetCategories.unit(of: usageClass))
        let price =
            try isSmall
            ? UnitPrice(sheet: text, shiftedBy: 6, per: 1_000_000) : UnitPrice(sheet: text, per: 1)
        try rates.add(usageClass, .unit(price), conditions: conditions)
    }

    /// Prices above an input size that are what they are below change nothing.
    private mutating func dropSameAboveThreshold(_ key: String) throws(SheetObjection) {
        let longKey = "\(key)_above_128k_tokens"
        guard let price = peekPrice(key), let long = peekPrice(longKey) else { return }
        if try UnitPrice(sheet: price, per: 1) == UnitPrice(sheet: long, per: 1) { _ = take(longKey) }
    }

    // MARK: Images

    /// Takes what litellm calls the input price of models that make images: their price of an image made.
    /// - Returns: whether it is the price of images made, so that nothing else is.
    private mutating func addImages() throws(SheetObjection) -> Bool {
        let isMaker = mode == "image_generation" || mode == "image_edit"
        let output = peekPrice("output_cost_per_image").map { !Self.isZero($0) } ?? false
        var isImagePrice = false
        try dropSameAboveThreshold("input_cost_per_image")
        if let text = try takePrice("input_cost_per_image") {
            isImagePrice = isMaker && !output
            try add(isImagePrice ? "output_images" : "input_images", text)
            if isImagePrice { _ = take("output_cost_per_image") }
        }
        let pixels = [try takePrice("input_cost_per_pixel"), try takePrice("output_cost_per_pixel")].compactMap(\.self)
        let priced = pixels.filter { !Self.isZero($0) }
        guard priced.count <= 1 else { throw SheetObjection("has two prices of a pixel") }
        if let text = priced.first ?? pixels.first { try add("output_pixels", text) }
        return isImagePrice
    }

    // MARK: Seconds

    private mutating func addSeconds() throws(SheetObjection) {
        if mode == "video_generation" { return try addVideoSeconds() }
        let perSecond = try takePrice("cost_per_second")
        let input = try takePrice("input_cost_per_second")
        let output = try takePrice("output_cost_per_second")
        guard let first = perSecond ?? input ?? output else { return }
        switch mode {
        case "audio_transcription":
            // litellm takes the output price where there is one.
            let text = output.flatMap { Self.isZero($0) ? nil : $0 } ?? input ?? first
            try add("audio_seconds", text)
        case "realtime" where tokens.isEmpty && input != nil && output == nil && perSecond == nil:
            try add("audio_seconds", first)
        case "chat" where tokens.isEmpty, "completion" where tokens.isEmpty, "embedding" where tokens.isEmpty,
            "responses" where tokens.isEmpty, nil where tokens.isEmpty:
            // The time that the call takes.
            try add("seconds", first)
        default:
            // The same usage in another unit; which of them is billed the sheet does not say.
            if !Self.isZero(first) { partsLeftOut.append(("seconds", "has a price per second beside those of tokens")) }
        }
    }

    private static let resolutions = ["480p", "720p", "768p", "1080p", "2k", "4k"]

    private mutating func addVideoSeconds() throws(SheetObjection) {
        var resolutions: [(String, String)] = []
        for resolution in Self.resolutions {
            if let text = try takePrice("output_cost_per_second_\(resolution)") {
                resolutions.append((resolution, text))
            }
        }
        let any = try takePrice("output_cost_per_second")
        if let video = try takePrice("output_cost_per_video_per_second") { return try add("output_seconds", video) }
        if let any { try add("output_seconds", any) }
        for (resolution, text) in resolutions {
            try add("output_seconds", text, conditions: RateConditions(context: ["resolution": resolution]))
        }
    }
}
