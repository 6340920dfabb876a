import LMDB

/// What went wrong at the ledger's door: a code to decide by, a sentence to act on, and the cause beneath.
///
/// Messages name ids, agents, sequence numbers, files and fields; never metadata.
public struct LedgerError: Error, Sendable {
    /// The kind of failure. Cases may be added; compare with `==`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case invalidEvent, invalidArgument, invalidSheet, idConflict, unknownEvent, alreadyAdjusted,
                unknownCategory,
                unknownBudget
            case unknownAlert, unknownTimeZone, outOfRange
            case queueFull, closed, frozen, readOnly
            case ledgerMissing, ledgerExists, notALedger, newerFormat, locked
            case permissionDenied, diskFull, mapFull, inputOutput, damaged
        }

        private let kind: Kind

        private init(_ kind: Kind) { self.kind = kind }

        public var description: String { kind.rawValue }

        /// An event breaks a limit; ``LedgerError/field`` names the part at fault.
        public static let invalidEvent = Code(.invalidEvent)
        /// An argument other than an event breaks a limit.
        public static let invalidArgument = Code(.invalidArgument)
        /// A price sheet is not what its format says; the message names the place.
        public static let invalidSheet = Code(.invalidSheet)
        /// The id was recorded before with other content; ``LedgerError/sequenceNumbers`` names the earlier entry and the
        /// number this one would have had.
        public static let idConflict = Code(.idConflict)
        /// No event has this id.
        public static let unknownEvent = Code(.unknownEvent)
        /// The event was voided or replaced before; ``LedgerError/sequenceNumbers`` names it and its adjustment.
        public static let alreadyAdjusted = Code(.alreadyAdjusted)
        public static let unknownCategory = Code(.unknownCategory)
        public static let unknownBudget = Code(.unknownBudget)
        public static let unknownAlert = Code(.unknownAlert)
        public static let unknownTimeZone = Code(.unknownTimeZone)
        /// A cost or sum does not fit its integer.
        public static let outOfRange = Code(.outOfRange)
        /// The hand-over queue is full; nothing was recorded.
        public static let queueFull = Code(.queueFull)
        /// The ledger was closed.
        public static let closed = Code(.closed)
        /// An earlier write failed in a way that leaves the disk's state unknown; reopen the ledger.
        public static let frozen = Code(.frozen)
        /// The ledger was opened for reading only.
        public static let readOnly = Code(.readOnly)
        public static let ledgerMissing = Code(.ledgerMissing)
        public static let ledgerExists = Code(.ledgerExists)
        /// The directory holds something else.
        public static let notALedger = Code(.notALedger)
        /// The ledger was written by a newer version of this program.
        public static let newerFormat = Code(.newerFormat)
        /// Another process, named in the message, has the ledger open for writing.
        public static let locked = Code(.locked)
        public static let permissionDenied = Code(.permissionDenied)
        public static let diskFull = Code(.diskFull)
        /// The reserved address range is used up; open with a larger ``Ledger/Options/mapSizeBytes``.
        public static let mapFull = Code(.mapFull)
        public static let inputOutput = Code(.inputOutput)
        /// Stored bytes are not what was written; the message names the place.
        public static let damaged = Code(.damaged)
    }

    public var code: Code
    /// One sentence or two: what, where, what to do.
    public var message: String
    /// The part of an event or argument at fault, as it is named in JSON: `lines[2].quantity`.
    public var field: String?
    /// The place of the event at fault in the array given, from 0.
    public var index: Int?
    /// Entries that the error is about.
    public var sequenceNumbers: [SequenceNumber]
    /// The failure beneath, for logs.
    public var underlying: (any Error)?

    public init(
        _ code: Code,
        _ message: String,
        field: String? = nil,
        index: Int? = nil,
        sequenceNumbers: [SequenceNumber] = [],
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.field = field
        self.index = index
        self.sequenceNumbers = sequenceNumbers
        self.underlying = underlying
    }
}

extension LedgerError: CustomStringConvertible {
    public var description: String { message }
}

extension LedgerError {
    static func invalidEvent(_ field: String, _ problem: String) -> LedgerError {
        LedgerError(.invalidEvent, "\(field): \(problem)", field: field)
    }

    static func invalidArgument(_ field: String, _ problem: String) -> LedgerError {
        LedgerError(.invalidArgument, "\(field): \(problem)", field: field)
    }

    static func damaged(_ message: String, at sequenceNumber: SequenceNumber? = nil) -> LedgerError {
        LedgerError(.damaged, message, sequenceNumbers: sequenceNumber.map { [$0] } ?? [])
    }

    static func badDecimal(_ text: String, failure: DecimalText.Failure, what: String, smallest: String) -> LedgerError
    {
        let shown = text.utf8.count <= 60 ? text : "\(text.prefix(60))..."
        let problem =
            switch failure {
            case .malformed: "is not a decimal number"
            case .tooPrecise: "is finer than \(smallest), the smallest \(what)"
            case .outOfRange: "is out of range"
            }
        return LedgerError(.invalidArgument, "\(what): '\(shown)' \(problem)", field: what)
    }

    /// The same error, about the event at `index` of a batch.
    func at(index: Int) -> LedgerError {
        var error = self
        error.index = index
        return error
    }
}
