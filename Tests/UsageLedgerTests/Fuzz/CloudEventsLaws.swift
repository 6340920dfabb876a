@testable import UsageLedger

/// An event is read alike by itself and in a batch, and what it says comes back from its JSON.
struct CloudEventsLaws: FuzzTarget {
    static let name = "cloudevents"

    mutating func check(_ input: [UInt8]) throws {
        if let elements = try? CloudEvents.elements(ofBatch: input) {
            var end = 0
            for element in elements {
                try hold(element.lowerBound > end && !element.isEmpty, "the events of a batch do not overlap")
                end = element.upperBound
                try checkEvent(Array(input[element]))
            }
        } else {
            try checkEvent(input)
        }
    }

    private func checkEvent(_ bytes: [UInt8]) throws {
        let alone = EventLaws.Verdict { () throws(FormatFailure) in try CloudEvents.decodeRecord(bytes) }
        guard case .event(let event) = alone else { return }
        try EventLaws.checkJSON(of: event)
        let batch = [UInt8(ascii: "[")] + bytes + [UInt8(ascii: ",")] + bytes + [UInt8(ascii: "]")]
        let elements = (try? CloudEvents.elements(ofBatch: batch)) ?? []
        try hold(elements.count == 2, "an event can stand in a batch")
        for element in elements {
            try hold(
                try CloudEvents.decode(Array(batch[element])) == event,
                "an event is read alike by itself and in a batch")
        }
    }
}
