/// Text as a terminal shows it: how many cells it takes, and with nothing in it that could change what stands around it.
enum TerminalText {
    /// The text as the cell of a table: as ``escaped(_:)``, and text in a right-to-left script isolated (U+2068, U+2069), so
    /// that what stands beside it stays in place.
    static func safe(_ text: String) -> String {
        let shown = escaped(text)
        return shown.unicodeScalars.contains(where: isRightToLeftScript) ? "\u{2068}\(shown)\u{2069}" : shown
    }

    /// The text with everything escaped that has no shape of its own but moves, hides or reorders what has: control
    /// characters, line separators, and format characters such as the overrides of writing direction.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: mustBeEscaped) else { return text }
        var shown = ""
        for scalar in text.unicodeScalars {
            if mustBeEscaped(scalar) {
                shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    private static func mustBeEscaped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        // Joiners are part of how Persian, Indic scripts and emoji are written.
        case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
        default: false
        }
    }

    /// The blocks of right-to-left scripts (Unicode 16, Blocks.txt).
    private static func isRightToLeftScript(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
        default: false
        }
    }

    /// The cells that `text` takes on a terminal.
    static func width(_ text: String) -> Int {
        text.reduce(0) { $0 + width($1) }
    }

    private static func width(_ character: Character) -> Int {
        let scalars = character.unicodeScalars
        if scalars.contains("\u{FE0F}") { return 2 }  // asks for the emoji form
        return scalars.reduce(0) { max($0, width($1)) }
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        if scalar.properties.isEmojiPresentation { return 2 }
        // Wide and full-width blocks of UAX #11 (East Asian Width).
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F200...0x1F2FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
