"""The fold from the log to the rows of every view, as the pages "Views" and "Budgets and alerts" describe it."""

import entries
from budgets import Budgets
from bytecoding import Damage, Digest, signed, varint, xxh64

VIEWS = {
    "symbols": ("symbols", "symbols-by-text"),
    "declarations": ("categories", "rates", "budgets", "settings", "providers"),
    "alerts": ("alerts",),
    "budgets": ("budget-states",),
    "daily-summaries": ("daily-summaries", "agents"),
    "adjustments": ("adjustments",),
    "unpriced": ("unpriced",),
    "meters": ("meters",),
    "leads": ("leads",),
    "event-index": ("event-index",),
    "event-ids": (),
}


def symbol_key(symbol):
    return symbol.to_bytes(4, "big")


def day_key(day):
    return (day + (1 << 31)).to_bytes(4, "big")


def number_key(number):
    return number.to_bytes(8, "big")


class Views:
    """All views, in memory, as dictionaries of what their rows say."""

    def __init__(self):
        self.texts = {}
        self.symbols = {}
        self.declared = {"categories": {}, "rates": {}, "settings": {}, "providers": {}}
        self.summaries = {}  # (agent, day, operation, model, categories) -> [events, [quantity, cost, unpriced] ...]
        self.agents = {}  # agent -> [events, cost, first day, last day]
        self.adjustments = {}
        self.unpriced = {}
        self.meters = {}
        self.leads = {}
        self.index = {}  # (agent, day) -> sequence numbers
        self.places = Digest()
        self.budgets = Budgets(self)
        self.events = 0
        self.head = 0

    # Folding

    def fold(self, segment):
        for number, reader in segment.entries():
            kind = reader.byte()
            try:
                self.fold_entry(kind, number, reader, segment.recorded_at)
                reader.finish()
            except Damage as damage:
                raise Damage(f"entry {number}: {damage}") from None
            self.head = number

    def fold_entry(self, kind, number, reader, now):
        with_charges = kind in (11, 12, 13, 16)
        if kind in (2, 11):
            self.usage(number, entries.usage(reader, with_charges), now)
        elif kind in (3, 4, 12, 13, 16):
            target = reader.varint()
            reader.text()
            former = entries.effect(reader, with_charges)
            self.adjustments[target] = number
            moves = [(-1, former, target)]
            if kind in (4, 13):
                usage = entries.usage(reader, with_charges)
                moves.append((1, usage, number))
                self.move(number, moves, now)
                self.event(number, usage)
            elif kind == 16:
                reader.varint()
                lines = entries.lines(reader, with_charges)
                present = entries.Effect(former.agent, former.operation, former.model, former.day, lines)
                self.move(number, moves + [(1, present, target)], now)
            else:
                self.move(number, moves, now)
        elif kind == 1:
            symbol = reader.name()
            if symbol != len(self.texts) + 1:
                raise Damage(f"symbol {symbol} is defined out of turn")
            self.texts[symbol] = text = reader.rest()
            self.symbols[text] = symbol
        elif kind in (5, 15):
            self.declare("categories" if kind == 5 else "providers", number, reader)
        elif kind in (6, 14):
            entry = bytes([kind]) + bytes(reader.bytes[reader.position:reader.end])
            category = reader.name()
            since = entries.effective_from(reader, kind)
            key = symbol_key(category) + number_key(since + (1 << 63)) + number_key(number)
            self.declared["rates"][key] = signed(now) + entry
            reader.rest()
        elif kind == 7:
            self.budgets.set(number, reader, now)
        elif kind == 8:
            self.budgets.remove((reader.symbol(), reader.symbol(), reader.byte()))
        elif kind == 9:
            key = bytes([reader.byte()]) + symbol_key(reader.symbol())
            self.declared["settings"][key] = reader.rest()
        elif kind == 17:
            pass  # What stood here is lost.
        elif kind == 10:
            self.budgets.acknowledge(number, (reader.symbol(), reader.varint(), reader.varint()))
        else:
            raise Damage(f"kind {kind} is not known")

    def declare(self, table, number, reader):
        entry = bytes(reader.bytes[reader.position:reader.end])
        key = symbol_key(reader.name())
        reader.rest()
        known = self.declared[table].get(key)
        self.declared[table][key] = (entry, known[1] if known else number, number)

    def usage(self, number, usage, now):
        self.move(number, [(1, usage, number)], now)
        self.event(number, usage)

    def event(self, number, usage):
        self.events += 1
        self.index.setdefault((usage.agent, usage.day), []).append(number)
        if usage.lead is not None:
            self.leads.setdefault((usage.agent, usage.lead), number)
        place = xxh64(usage.id, usage.id_form) >> 24
        self.places.add(1, place.to_bytes(5, "big") + number.to_bytes(8, "big"), b"")

    def move(self, number, moves, now):
        """Takes an entry's movements into all sums: (sign, effect, the usage entry that it is about)."""
        self.budgets.move(number, moves, now)
        for sign, effect, target in moves:
            lines = effect.lines
            categories = tuple([line.category for line in lines])
            cost = 0
            for agent in (effect.agent, 0):
                key = (agent, effect.day, effect.operation, effect.model, categories)
                row = self.summaries.get(key)
                if row is None:
                    row = self.summaries[key] = [0] + [[0, 0, 0] for _ in lines]
                row[0] += sign
                for sums, line in zip(row[1:], lines):
                    sums[0] += sign * line.quantity
                    if line.cost is None:
                        sums[2] += sign * line.quantity
                    else:
                        sums[1] += sign * line.cost
            for line in lines:
                if line.cost is None:
                    if sign > 0:
                        self.unpriced[line.category, target] = (effect.agent, effect.day, line.quantity)
                    else:
                        self.unpriced.pop((line.category, target), None)
                    continue
                cost += line.cost
                for meter, is_per_agent, period, start in line.meters:
                    key = (meter, effect.agent if is_per_agent else 0, period, start)
                    self.meters[key] = self.meters.get(key, 0) + sign * line.quantity
            agent = self.agents.setdefault(effect.agent, [0, 0, effect.day, effect.day])
            agent[0] += sign
            agent[1] += sign * cost
            agent[2] = min(agent[2], effect.day)
            agent[3] = max(agent[3], effect.day)

    # Rows

    def tables(self):
        """The name, the tag and the rows of each table; the index of ids is a digest alone."""
        yield "symbols", 1, ((symbol_key(symbol), text) for symbol, text in self.texts.items())
        yield "symbols-by-text", 2, ((text, varint(symbol)) for text, symbol in self.symbols.items())
        yield "categories", 1, self.declarations("categories")
        yield "rates", 2, self.declared["rates"].items()
        yield "budgets", 3, self.budgets.rows()
        yield "settings", 4, self.declared["settings"].items()
        yield "providers", 5, self.declarations("providers")
        yield "alerts", 1, self.budgets.alert_rows()
        yield "budget-states", 1, self.budgets.state_rows()
        yield "daily-summaries", 1, self.summary_rows()
        yield "agents", 2, (
            (symbol_key(agent), signed(row[0]) + signed(row[1]) + signed(row[2]) + signed(row[3]))
            for agent, row in self.agents.items())
        yield "adjustments", 1, ((number_key(at), varint(number)) for at, number in self.adjustments.items())
        yield "unpriced", 1, (
            (symbol_key(category) + number_key(number), varint(agent) + signed(day) + varint(quantity))
            for (category, number), (agent, day, quantity) in self.unpriced.items())
        yield "meters", 1, (
            (symbol_key(meter) + symbol_key(agent) + bytes([period]) + day_key(start), signed(used))
            for (meter, agent, period, start), used in self.meters.items() if used)
        yield "leads", 1, (
            (symbol_key(agent) + lead, varint(number)) for (agent, lead), number in self.leads.items())
        yield "event-index", 1, self.index_rows()

    def declarations(self, table):
        return ((key, entry + varint(first) + varint(last))
                for key, (entry, first, last) in self.declared[table].items())

    def summary_rows(self):
        for (agent, day, operation, model, categories), row in self.summaries.items():
            if row[0] == 0 and not any(any(sums) for sums in row[1:]):
                continue
            names = (operation, model) + categories
            key = symbol_key(agent) + day_key(day) + b"".join(symbol_key(name) for name in names)
            yield key, signed(row[0]) + b"".join(signed(number) for sums in row[1:] for number in sums)

    def index_rows(self):
        for (agent, day), numbers in self.index.items():
            for chunk in range(0, len(numbers), 256):
                former, value = 0, bytearray()
                for number in numbers[chunk:chunk + 256]:
                    value += varint(number - former)
                    former = number
                yield symbol_key(agent) + day_key(day) + (chunk // 256).to_bytes(4, "big"), bytes(value)

    def digest(self):
        """The overall digest."""
        sums = {}
        for name, tag, rows in self.tables():
            sums[name] = digest = Digest()
            for key, value in rows:
                digest.add(tag, key, value)
        overall = Digest()
        for view, tables in VIEWS.items():
            digest = Digest()
            for part in [self.places] if view == "event-ids" else [sums[name] for name in tables]:
                digest.low = digest.low + part.low & (1 << 64) - 1
                digest.high = digest.high + part.high & (1 << 64) - 1
            overall.add(0, view.encode(), digest.bytes)
        return overall.bytes.hex()
