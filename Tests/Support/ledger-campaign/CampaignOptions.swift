/// What a campaign is called with.
struct CampaignOptions {
    enum Name: String, CaseIterable {
        case kill, syscalls, full, damage, bits, readers, model
        case powerCut = "power-cut"
        case powerImages = "power-images"
    }

    var name: Name
    var seed: UInt64 = 1
    var rounds = 20
    /// The round to begin with, so that a campaign can be run in parts; only `bits` can.
    var first = 0
    var isJSON = false

    init?(_ arguments: [String]) {
        guard let first = arguments.first, let name = Name(rawValue: first) else { return nil }
        self.name = name
        var rest = arguments.dropFirst()
        while let option = rest.popFirst() {
            switch option {
            case "--json": isJSON = true
            case "--seed", "--rounds", "--first":
                guard let number = rest.popFirst().flatMap({ UInt64($0) }), number < 1 << 40 else { return nil }
                switch option {
                case "--seed": seed = number
                case "--rounds": rounds = Int(number)
                default:
                    guard name == .bits else { return nil }
                    self.first = Int(number)
                }
            default: return nil
            }
        }
    }
}
