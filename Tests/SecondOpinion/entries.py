"""Segments and entries, as the page "Log format" describes them."""

from bytecoding import Damage, Reader, crc32c

NANOSECONDS_A_DAY = 86_400 * 10**9
EPOCH_2000 = 946_684_800
UNITS_A_SECOND = (1, 10**3, 10**6, 10**9)
DECLARATIONS = {5: "category", 6: "rate", 7: "budget", 8: "budget removal", 14: "rate", 15: "provider"}


class Segment:
    __slots__ = ("first", "recorded_at", "count", "previous", "checksum", "bytes")

    def __init__(self, key, content):
        if len(content) < 40 or content[:4] != b"ULSG":
            raise Damage(f"segment {key}: not a segment")
        number = lambda start, end, **options: int.from_bytes(content[start:end], "little", **options)
        if number(4, 6) not in (1, 2, 3):
            raise Damage(f"segment {key}: format version {number(4, 6)}")
        if number(6, 8) != 0:
            raise Damage(f"segment {key}: unknown flags")
        self.first = number(8, 16)
        self.recorded_at = number(16, 24, signed=True)
        self.count = number(24, 28)
        self.previous = number(32, 36)
        self.checksum = number(36, 40)
        self.bytes = content
        if self.first != key or self.count == 0 or number(28, 32) != len(content) - 40:
            raise Damage(f"segment {key}: its header is not that of its row")
        if crc32c(content[:36], content[40:]) != self.checksum:
            raise Damage(f"segment {key}: its checksum does not match")

    def entries(self):
        """Sequence number, and a reader over the entry's bytes, of each entry."""
        reader = Reader(self.bytes, 40)
        for index in range(self.count):
            length = reader.varint()
            if length > reader.end - reader.position:
                raise Damage(f"entry {self.first + index}: it is longer than its segment")
            yield self.first + index, Reader(self.bytes, reader.position, reader.position + length)
            reader.position += length
        reader.finish()


class Line:
    """A category, its quantity in millionths, its cost in picodollars (None: unpriced) and the meters it counts in."""

    __slots__ = ("category", "quantity", "cost", "meters")

    def __init__(self, category, quantity, cost, meters):
        self.category, self.quantity, self.cost, self.meters = category, quantity, cost, meters


def quantity(reader):
    code = reader.varint()
    return (code >> 1) if code & 1 else (code >> 1) * 1_000_000


def cost_and_meters(reader, with_charges):
    exponent = reader.byte()
    if exponent == 0xFF:
        return None, ()
    if exponent > 12:
        raise Damage("an exponent is too large")
    cost = reader.varint() * 10**exponent
    reader.varint()
    return cost, charges(reader, cost) if with_charges else ()


def charges(reader, cost):
    """The meters of a line's charges, each once: meter, 0 or None for all agents, period, first day."""
    count = reader.byte()
    if count == 0:
        return ()
    total, meters = 0, []
    for _ in range(count):
        reader.varint()
        total += reader.signed()
        kind = reader.byte()
        if kind & 1:
            metered = (reader.name(), bool(kind & 2), reader.byte(), reader.signed(), reader.varint(128))
            if metered not in meters:
                meters.append(metered)
        elif kind:
            raise Damage("a charge is of no known kind")
    if total != cost:
        raise Damage("charges do not add up to the cost")
    return [metered[:4] for metered in meters]


def lines(reader, with_charges, with_classes=False):
    count = reader.byte()
    if not 1 <= count <= 32:
        raise Damage("the number of lines is out of range")
    found = []
    for _ in range(count):
        category = reader.name()
        if with_classes:
            reader.name()
        amount = quantity(reader)
        found.append(Line(category, amount, *cost_and_meters(reader, with_charges)))
    return found


class Effect:
    """What usage counts for."""

    __slots__ = ("agent", "operation", "model", "day", "lines")

    def __init__(self, agent, operation, model, day, found):
        self.agent, self.operation, self.model, self.day, self.lines = agent, operation, model, day, found


def effect(reader, with_charges):
    agent, operation, model, day = reader.name(), reader.name(), reader.symbol(), reader.signed()
    return Effect(agent, operation, model, day, lines(reader, with_charges))


class Usage(Effect):
    __slots__ = ("id_form", "id", "lead")


def usage(reader, with_charges):
    flags = reader.byte() | reader.byte() << 8
    form = flags & 3
    if form == 3 or flags >> 14 or flags >> 12 & 3 == 3:
        raise Damage("flags that are not allowed")
    stored_id = reader.text() if form == 0 else reader.take(16)
    agent, operation = reader.name(), reader.name()
    units = UNITS_A_SECOND[flags >> 10 & 3]
    day = (reader.varint() + EPOCH_2000 * units) // (86_400 * units) + (flags >> 12 & 3) - 1
    lead = reader.text() if flags & 4 else None
    if flags & 8:
        reader.name()
    model = reader.name() if flags & 16 else 0
    if flags & 32:
        for _ in range(reader.varint()):
            reader.name(), reader.name()
    if flags & 64:
        for _ in range(reader.varint()):
            reader.name(), reader.varint()
    found = Usage(agent, operation, model, day, lines(reader, with_charges, bool(flags & 128)))
    if flags & 256:
        reader.text()
    found.id_form, found.id, found.lead = form, stored_id, lead
    return found


def pattern(reader, may_be_missing=False):
    kind = reader.byte()
    if kind in (1, 2, 3, 5, 6):
        reader.text()
    elif kind == 7:
        patterns(reader)
    elif not (kind == 4 or kind == 0 and may_be_missing):
        raise Damage("a pattern is of no known kind")
    return kind


def patterns(reader):
    for _ in range(reader.varint()):
        pattern(reader)


def unit_price(reader):
    reader.varint(), reader.varint(), reader.varint()


def effective_from(reader, kind):
    """The moment from which a rate holds; the reader stands behind the category."""
    if kind == 6:
        reader.varint(), reader.varint()
        return reader.signed()
    patterns(reader)
    reader.text()
    form = reader.byte()
    if form == 1:
        unit_price(reader)
    elif form == 2:
        if reader.byte() & 0x7F:
            reader.byte(), reader.text(), reader.byte(), reader.text()
        for _ in range(reader.byte()):
            reader.varint(), unit_price(reader)
    elif form in (3, 4, 5):
        reader.varint()
    else:
        raise Damage("a price is of no known kind")
    return reader.signed()
