"""Budgets, what was spent of them, and the alerts that fired: the page "Budgets and alerts"."""

from datetime import date, timedelta

from bytecoding import signed, varint

COOLDOWN = 3600 * 10**9
EPOCH = date(1970, 1, 1)


def period_start(period, day):
    """The first day of the daily, weekly, monthly or yearly period that a day lies in."""
    if period == 1:
        return day
    moment = EPOCH + timedelta(days=day)
    if period == 2:
        return day - moment.weekday()
    first = date(moment.year, moment.month if period == 3 else 1, 1)
    return (first - EPOCH).days


class Budget:
    def __init__(self, identity, number, entry, amount, percents):
        self.identity, self.number, self.entry, self.amount = identity, number, entry, amount
        self.percents = percents

    def reached(self, spent):
        return [spent * 100 >= self.amount * percent for percent in self.percents]


class State:
    """What was spent in a period, which thresholds it stands at or above, and when each fired last."""

    def __init__(self, spent):
        self.revision, self.spent, self.crossed, self.fired = 0, spent, [False] * 3, [None] * 3

    def adopt(self, budget, silently):
        self.revision = budget.number
        self.crossed = budget.reached(self.spent) if silently else [False] * 3
        self.fired = [None] * 3

    def update(self, budget, now):
        """The thresholds that fire."""
        firing = []
        for place, is_reached in enumerate(budget.reached(self.spent)):
            if is_reached and not self.crossed[place]:
                if self.fired[place] is None or now >= self.fired[place] + COOLDOWN:
                    self.fired[place] = now
                    firing.append(place)
            self.crossed[place] = is_reached
        return firing


class Budgets:
    def __init__(self, views):
        self.views = views
        self.scopes = {}  # agent, or 0 for everybody -> budgets in the order of category and period
        self.states = {}  # (agent, category, period, first day) -> State
        self.alerts = {}  # (scope, sequence number, ordinal) -> what its row says
        self.latest = (0, 0)

    def spent(self, identity, start):
        """What was spent in a period so far, from the daily summaries."""
        agent, category, period = identity
        return sum(
            sums[1]
            for (whose, day, _, _, categories), row in self.views.summaries.items()
            if whose == agent and period_start(period, day) == start
            for of, sums in zip(categories, row[1:]) if category in (0, of))

    def state(self, budget, start):
        key = budget.identity + (start,)
        if key not in self.states:
            self.states[key] = State(self.spent(budget.identity, start))
        return key, self.states[key]

    def set(self, number, reader, now):
        entry = bytes(reader.bytes[reader.position:reader.end])
        identity = (reader.symbol(), reader.symbol(), reader.byte())
        amount, percents = reader.varint(128), [reader.varint(), reader.varint(), 100]
        day = reader.signed()
        budget = Budget(identity, number, entry, amount, percents)
        others = [known for known in self.scopes.get(identity[0], []) if known.identity != identity]
        self.scopes[identity[0]] = sorted(others + [budget], key=lambda known: known.identity)
        key, state = self.state(budget, period_start(identity[2], day))
        state.adopt(budget, silently=False)
        self.fire(state.update(budget, now), key, state, budget, number, now)

    def remove(self, identity):
        self.scopes[identity[0]] = [known for known in self.scopes.get(identity[0], []) if known.identity != identity]
        self.states = {key: state for key, state in self.states.items() if key[:3] != identity}

    def move(self, number, moves, now):
        changes = {}  # one step in each budget's period, in the order in which the movements come to it
        for sign, effect, _ in moves:
            if not self.scopes:
                return
            for budget in self.scopes.get(effect.agent, []) + self.scopes.get(0, []):
                category, period = budget.identity[1:]
                cost = sum(line.cost or 0 for line in effect.lines if category in (0, line.category))
                if cost:
                    key = (budget, period_start(period, effect.day))
                    changes[key] = changes.get(key, 0) + sign * cost
        for (budget, start), cost in changes.items():
            if cost == 0:
                continue
            key, state = self.state(budget, start)
            if state.revision != budget.number:
                state.adopt(budget, silently=True)
            state.spent += cost
            self.fire(state.update(budget, now), key, state, budget, number, now)

    def fire(self, thresholds, key, state, budget, number, now):
        for place in thresholds:
            ordinal = self.latest[1] + 1 if self.latest[0] == number else 1
            self.latest = (number, ordinal)
            agent, category, period, start = key
            highest = 128 if place == thresholds[-1] else 0
            row = varint(agent) + varint(category) + bytes([period, place + 1 + highest])
            row += varint(budget.percents[place]) + signed(start) + signed(state.spent) + signed(budget.amount)
            self.alerts[agent, number, ordinal] = [row + signed(now), 0]

    def acknowledge(self, number, key):
        if key in self.alerts and self.alerts[key][1] == 0:
            self.alerts[key][1] = number

    # Rows

    def rows(self):
        for budgets in self.scopes.values():
            for budget in budgets:
                yield identity_key(budget.identity), budget.entry + varint(budget.number)

    def state_rows(self):
        for key, state in self.states.items():
            flags = sum(bit << place for place, bit in enumerate(state.crossed))
            flags |= sum(8 << place for place, time in enumerate(state.fired) if time is not None)
            times = b"".join(signed(time) for time in state.fired if time is not None)
            row = varint(state.revision) + signed(state.spent) + bytes([flags]) + times
            yield identity_key(key[:3]) + (key[3] + (1 << 31)).to_bytes(4, "big"), row

    def alert_rows(self):
        for (scope, number, ordinal), (row, acknowledged) in self.alerts.items():
            key = scope.to_bytes(4, "big") + number.to_bytes(8, "big") + ordinal.to_bytes(2, "big")
            yield key, row + varint(acknowledged)


def identity_key(identity):
    agent, category, period = identity
    return agent.to_bytes(4, "big") + category.to_bytes(4, "big") + bytes([period])
