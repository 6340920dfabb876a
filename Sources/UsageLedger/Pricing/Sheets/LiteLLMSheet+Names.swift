/// Which names litellm's models go by.
struct LiteLLMNames {
    /// Keys of each provider, in lower case.
    private var keys: [String: Set<String>] = [:]
    /// Whose keys have a name behind their prefix: a provider for each of them.
    private var aliases: [String: [String]] = [:]
    private(set) var providers: [String] = []

    init(_ models: [JSONValue.Member]) {
        for model in models {
            guard let provider = model.value["litellm_provider"]?.text else { continue }
            if keys[provider] == nil { providers.append(provider) }
            keys[provider, default: []].insert(ASCII.lowercased(model.key))
            if let alias = Self.alias(of: model.key, provider) { aliases[alias, default: []].append(provider) }
        }
    }

    /// The key, and what it is called behind the prefix that routes to its provider, unless another key has that name.
    func patterns(of key: String, _ provider: String) -> [ModelPattern] {
        var patterns: [ModelPattern] = [.exact(ModelName(key))]
        guard let alias = Self.alias(of: key, provider), keys[provider]?.contains(alias) != true else {
            return patterns
        }
        if aliases[alias]?.count(where: { $0 == provider }) == 1 { patterns.append(.exact(ModelName(alias))) }
        return patterns
    }

    /// Keys of a provider without a prefix that other providers' models go by as well.
    func contestedKeys(of provider: String) -> [String] {
        (keys[provider] ?? []).filter { aliases[$0]?.contains { $0 != provider } ?? false }.sorted()
    }

    /// `deepseek-v4-pro` for `deepseek/deepseek-v4-pro` of `deepseek`; nil for `low/1024-x-1024/gpt-image-1`, whose
    /// first part is no provider.
    private static func alias(of key: String, _ provider: String) -> String? {
        guard let slash = key.firstIndex(of: "/") else { return nil }
        // `amazon-nova/` routes to `amazon_nova`, and `vertex_ai/` to `vertex_ai-language-models`.
        let letters = { (text: Substring) in text.utf8.lazy.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 } }
        guard letters(provider[...]).starts(with: letters(key[..<slash])) else { return nil }
        let rest = ASCII.lowercased(String(key[key.index(after: slash)...]))
        return rest.isEmpty ? nil : rest
    }
}
