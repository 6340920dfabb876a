extension LiteLLMSheet {
    /// What else a provider of the sheet is called, and whose prices hold where it has none for a model.
    private static let known: [(name: String, aliases: [String], fallbacks: [String])] = [
        ("openai", [], ["text-completion-openai"]),
        ("azure", ["azure-openai", "azure_openai"], ["azure_ai", "azure_text"]),
        ("azure_ai", ["azure-ai"], ["azure"]),
        ("aws", ["amazon", "amazon_bedrock", "aws_bedrock", "aws-bedrock", "amazon-bedrock"], awsNames),
        ("bedrock", [], ["bedrock_converse", "bedrock_mantle"]),
        ("bedrock_converse", [], ["bedrock"]),
        ("amazon_nova", ["amazon-nova"], []),
        ("x-ai", [], ["xai"]),
        ("cohere", [], ["cohere_chat"]),
        ("cohere_chat", [], ["cohere"]),
        ("mistral", ["mistralai"], ["codestral", "text-completion-codestral"]),
        ("together", ["together-ai", "togetherai"], ["together_ai"]),
        ("fireworks", ["fireworks-ai"], ["fireworks_ai", "fireworks_ai-embedding-models"]),
        ("fireworks_ai", [], ["fireworks_ai-embedding-models"]),
        ("moonshotai", ["moonshot-ai"], ["moonshot"]),
        ("voyageai", ["voyage-ai"], ["voyage"]),
        ("z-ai", [], ["zai"]),
        ("github-copilot", [], ["github_copilot"]),
        ("alibaba", ["qwen"], ["dashscope"]),
        ("nvidia", [], ["nvidia_nim"]),
    ]

    private static let awsNames = ["bedrock", "bedrock_converse", "bedrock_mantle", "amazon_nova", "aws_polly"]

    /// Rules for the providers of the sheet, so that the usual names find them.
    ///
    /// Where several sell a model of the same name, an event without a provider means the one whose key has no prefix.
    static func providerRules(_ names: LiteLLMNames) -> [ProviderRule] {
        let sold = Set(names.providers)
        let google = names.providers.filter { $0.hasPrefix("vertex_ai") && $0 != "vertex_ai" }
        let families: [(name: String, aliases: [String], fallbacks: [String])] = [
            ("google", ["google-gla", "google-vertex", "google_genai"], googleOrder(google)),
            ("vertex_ai", ["vertex", "vertexai", "vertex-ai", "google_vertex"], google),
            ("gemini", ["google_ai_studio", "google-ai-studio"], []),
        ]
        var rules: [ProviderRule] = []
        for (name, aliases, fallbacks) in known + families {
            let fallbacks = fallbacks.filter(sold.contains)
            guard sold.contains(name) || !fallbacks.isEmpty else { continue }
            rules.append(
                ProviderRule(
                    name: ProviderName(name), aliases: aliases.map { .exact(ModelName($0)) },
                    fallbacks: fallbacks.map { ProviderName($0) }))
        }
        for provider in names.providers { addModels(names.contestedKeys(of: provider), provider, to: &rules) }
        return rules
    }

    /// The language models' own prices come first, then those of AI Studio, then what Google resells.
    private static func googleOrder(_ providers: [String]) -> [String] {
        let first = ["vertex_ai-language-models", "vertex_ai", "gemini"]
        return first + providers.filter { !first.contains($0) }
    }

    private static func addModels(_ keys: [String], _ provider: String, to rules: inout [ProviderRule]) {
        let patterns = keys.prefix(Limits.patternsPerRate).map { ModelPattern.exact(ModelName($0)) }
        guard !patterns.isEmpty else { return }
        if let place = rules.firstIndex(where: { $0.name.rawValue == provider }) {
            rules[place].models = patterns
        } else {
            rules.append(ProviderRule(name: ProviderName(provider), models: patterns))
        }
    }
}
