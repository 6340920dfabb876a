"""The numbers, texts and checksums of the pages "Log format" and "Views"."""

MASK64 = (1 << 64) - 1


class Damage(Exception):
    """Stored bytes that are not what the pages describe."""


class Reader:
    """Takes bytes apart from the front."""

    __slots__ = ("bytes", "position", "end")

    def __init__(self, content, position=0, end=None):
        self.bytes = content
        self.position = position
        self.end = len(content) if end is None else end

    def byte(self):
        if self.position >= self.end:
            raise Damage("bytes are missing")
        value = self.bytes[self.position]
        self.position += 1
        return value

    def varint(self, bits=64):
        position, content = self.position, self.bytes
        if position >= self.end:
            raise Damage("bytes are missing")
        value = content[position]
        position += 1
        if value & 0x80:
            value &= 0x7F
            shift = 7
            while True:
                if position >= self.end:
                    raise Damage("bytes are missing")
                group = content[position]
                position += 1
                value |= (group & 0x7F) << shift
                if not group & 0x80:
                    break
                shift += 7
            if group == 0 or value >> bits:
                raise Damage("a number is not in its shortest form, or too large")
        self.position = position
        return value

    def signed(self, bits=64):
        value = self.varint(bits)
        return -(value + 1 >> 1) if value & 1 else value >> 1

    def take(self, count):
        start = self.position
        if count > self.end - start:
            raise Damage("bytes are missing")
        self.position = start + count
        return bytes(self.bytes[start:start + count])

    def text(self):
        return self.take(self.varint())

    def rest(self):
        return self.take(self.end - self.position)

    def symbol(self):
        """A symbol that may be none."""
        return self.varint(32)

    def name(self):
        """A symbol that stands for a string."""
        symbol = self.varint(32)
        if symbol == 0:
            raise Damage("a name is missing")
        return symbol

    def finish(self):
        if self.position != self.end:
            raise Damage("bytes are left over")


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed(value):
    return varint(value << 1 if value >= 0 else (-value << 1) - 1)


def _crc_table():
    table = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
        table.append(crc)
    return table


_TABLE = _crc_table()


def crc32c(*parts):
    crc, table = 0xFFFFFFFF, _TABLE
    for part in parts:
        for byte in part:
            crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


assert crc32c(b"123456789") == 0xE3069283


P1, P2, P3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
P4, P5 = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5


def _round(lane, value):
    lane = lane + value * P2 & MASK64
    return ((lane << 31 | lane >> 33) * P1) & MASK64


def xxh64(content, seed=0):
    """The 64-bit hash of the xxHash specification."""
    length = len(content)
    position = 0
    if length >= 32:
        lanes = [seed + P1 + P2 & MASK64, seed + P2 & MASK64, seed, seed - P1 & MASK64]
        while position + 32 <= length:
            for lane in range(4):
                start = position + 8 * lane
                lanes[lane] = _round(lanes[lane], int.from_bytes(content[start:start + 8], "little"))
            position += 32
        state = 0
        for lane, bits in zip(lanes, (1, 7, 12, 18)):
            state += (lane << bits | lane >> 64 - bits) & MASK64
        for lane in lanes:
            state = ((state ^ _round(0, lane)) * P1 + P4) & MASK64
    else:
        state = seed + P5
    state = state + length & MASK64
    while position + 8 <= length:
        state ^= _round(0, int.from_bytes(content[position:position + 8], "little"))
        state = (state << 27 | state >> 37) & MASK64
        state = state * P1 + P4 & MASK64
        position += 8
    if position + 4 <= length:
        state ^= int.from_bytes(content[position:position + 4], "little") * P1 & MASK64
        state = (state << 23 | state >> 41) & MASK64
        state = state * P2 + P3 & MASK64
        position += 4
    while position < length:
        state ^= content[position] * P5 & MASK64
        state = (state << 11 | state >> 53) & MASK64
        state = state * P1 & MASK64
        position += 1
    state = (state ^ state >> 33) * P2 & MASK64
    state = (state ^ state >> 29) * P3 & MASK64
    return state ^ state >> 32


assert xxh64(b"") == 0xEF46DB3751D8E999


class Digest:
    """The sum over rows that a view's digest is."""

    def __init__(self):
        self.low = 0
        self.high = 0

    def add(self, tag, key, value):
        row = bytes([tag]) + len(key).to_bytes(2, "little") + key + value
        self.low = self.low + xxh64(row, 0) & MASK64
        self.high = self.high + xxh64(row, 1) & MASK64

    @property
    def bytes(self):
        return self.high.to_bytes(8, "big") + self.low.to_bytes(8, "big")
