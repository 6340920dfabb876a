#!/usr/bin/env python3
"""Writes the demo month: usage events of six agents in October 2025, and the totals they must come to.

Everything here is synthetic. The output depends on nothing but this file: the random numbers come from a
seeded generator of its own, so every run on every machine writes the same bytes.

    python3 generate.py
"""

import csv
import io
import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
UTC = timezone.utc
DAYS = [date(2025, 10, day) for day in range(1, 32)]
LAYERS = ["layer_1_intent", "layer_2_sentiment", "layer_3_psychology", "layer_4_needs", "layer_5_strategy"]
ZONES = {"agency-berlin": "Europe/Berlin", "agency-mumbai": "Asia/Kolkata"}

# USD per unit. scraperapi_request has no rate: it stays unpriced.
RATES = {
    "openai_gpt4_input": Decimal("0.00003"),
    "openai_gpt4_output": Decimal("0.00006"),
    "openai_gpt35_input": Decimal("0.0000015"),
    "openai_gpt35_output": Decimal("0.000002"),
    "openai_vision_image": Decimal("0.01275"),
    "gupshup_template_message": Decimal("0.0055"),
    "gupshup_session_message": Decimal("0.0055"),
    "gupshup_media_message": Decimal("0.0055"),
    "google_search_api": Decimal("0.005"),
    "scrapingbee_request": Decimal("0.001"),
}

BUDGETS = [
    {"agent": "agency-high", "period": "monthly", "amount": "450", "warning": 80, "critical": 95},
    {"agent": "agency-medium", "period": "monthly", "amount": "300", "warning": 80, "critical": 95},
    {"agent": "agency-low", "period": "monthly", "amount": "100", "warning": 80, "critical": 95},
    {"agent": "agency-berlin", "period": "daily", "amount": "1", "warning": 80, "critical": 95},
    {"agent": "agency-mumbai", "category": "openai_gpt4_output", "period": "weekly", "amount": "0.65",
     "warning": 80, "critical": 95},
    {"agent": "agency-lisbon", "period": "yearly", "amount": "25", "warning": 50, "critical": 75},
    {"agent": None, "period": "monthly", "amount": "1000", "warning": 80, "critical": 95},
]


class Random:
    """SplitMix64: unlike `random`, the same numbers in every version of Python."""

    MASK = (1 << 64) - 1

    def __init__(self, seed):
        self.state = seed

    def bits(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & self.MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & self.MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & self.MASK
        return z ^ (z >> 31)

    def between(self, low, high):
        """An integer from low to high, both included."""
        return low + ((self.bits() * (high - low + 1)) >> 64)

    def chance(self, percent):
        return self.between(1, 100) <= percent

    def pick(self, items):
        return items[self.between(0, len(items) - 1)]

    def shuffle(self, items):
        for last in range(len(items) - 1, 0, -1):
            other = self.between(0, last)
            items[last], items[other] = items[other], items[last]

    def sample(self, items, count):
        items = list(items)
        self.shuffle(items)
        return items[:count]

    def second_of_day(self):
        """Business hours mostly, with an evening tail. Never in the day's last two minutes."""
        hours = [0, 0, 0, 0, 0, 0, 1, 3, 7, 11, 13, 11, 7, 9, 12, 12, 10, 8, 6, 5, 4, 3, 2, 1]
        ticket = self.between(1, sum(hours))
        hour = 0
        while ticket > hours[hour]:
            ticket -= hours[hour]
            hour += 1
        return min(hour * 3600 + self.between(0, 3599), 86400 - 120)

    def uuid(self):
        high = (self.bits() & ~0xF000) | 0x4000
        low = (self.bits() & (self.MASK >> 2)) | (1 << 63)
        digits = f"{high:016x}{low:016x}"
        return "-".join([digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]])

    def ulid(self, time):
        milliseconds = (time - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
        number = (milliseconds << 80) | (self.bits() << 16) | (self.bits() >> 48)
        return "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[(number >> shift) & 31] for shift in range(125, -1, -5))


def text_of(time):
    """RFC 3339 in UTC; milliseconds only where there are any."""
    if time.microsecond:
        return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z"
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def time_of(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def utc_offset(zone, time):
    """How far the clocks of `zone` are ahead of UTC at `time`; exact for the demo's months."""
    if zone is None:
        return timedelta(0)
    try:
        from zoneinfo import ZoneInfo
        return time.astimezone(ZoneInfo(zone)).utcoffset()
    except (ImportError, KeyError):  # no time zone data on this machine
        summer = time < datetime(2025, 10, 26, 1, tzinfo=UTC)
        return timedelta(hours=5.5 if zone == "Asia/Kolkata" else 2 if summer else 1)


def time_on_clock(zone, clock):
    """When the clocks of `zone` show `clock` (a time as if in UTC); of two such moments the first."""
    time = clock - utc_offset(zone, clock - timedelta(days=1))
    return time if time + utc_offset(zone, time) == clock else clock - utc_offset(zone, clock + timedelta(days=1))


def midnight_of(zone, day):
    return time_on_clock(zone, datetime(day.year, day.month, day.day, tzinfo=UTC))


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# MARK: volume.csv

VOLUME_COLUMNS = ["id", "agent", "lead", "operation", "time", "provider", "model",
                  "usage.input_tokens", "usage.output_tokens", "lines"]

VOLUMES = [("low", 10, 20, 90), ("medium", 50, 100, 450), ("high", 100, 200, 900)]


def volume():
    """Every day exactly 1.61, 8.05 and 16.10: an analysis is five calls of 0.03, a message 0.0055."""
    random = Random(20251001)
    message = compact([{"category": "gupshup_template_message", "quantity": 1}])
    rows = []
    for day in DAYS:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        for level, analyses, messages, leads in VOLUMES:
            agent, prefix = f"agency-{level}", f"{level[0]}{day:%m%d}"
            for number, second in enumerate(sorted(random.second_of_day() for _ in range(analyses)), 1):
                lead = f"l-{random.between(1, leads)}"
                for layer, operation in enumerate(LAYERS, 1):
                    output = random.between(30 + 20 * layer, 160 + 40 * layer)
                    rows.append([f"{prefix}-{number}-{layer}", agent, lead, operation,
                                 text_of(midnight + timedelta(seconds=second)), "openai", "gpt-4.1",
                                 1000 - 2 * output, output, ""])
                    second += random.between(1, 4)
            for number, second in enumerate(sorted(random.second_of_day() for _ in range(messages)), 1):
                rows.append([f"{prefix}-t{number}", agent, f"l-{random.between(1, leads)}",
                             "template_message", text_of(midnight + timedelta(seconds=second)),
                             "", "", "", "", message])
    rows.sort(key=lambda row: (row[4], row[0]))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([VOLUME_COLUMNS] + rows)
    return text.getvalue()


# MARK: agencies.ndjson and late.ndjson

class Agency:
    """Makes events of one agent, by the clocks of its zone."""

    def __init__(self, random, name, leads, pace, cheap_layers, campaigns, places, phone):
        self.random, self.agent, self.zone, self.leads, self.pace = random, name, ZONES.get(name), leads, pace
        self.cheap_layers, self.campaigns, self.places, self.phone = cheap_layers, campaigns, places, phone
        self.short = name.removeprefix("agency-")
        self.conversations = self.jobs = self.calls = 0

    def event(self, time, operation, lead=None, lines=None, call=None, metadata=None, id=None):
        event = {"id": id or self.random.uuid(), "agent": self.agent}
        if lead:
            event["lead"] = lead
        event["operation"] = operation
        event["time"] = text_of(time)
        if call:
            model, input_tokens, output_tokens = call
            event["provider"] = "openai"
            event["model"] = model
            event["usage"] = {"input_tokens": input_tokens, "output_tokens": output_tokens}
        if lines:
            event["lines"] = [{"category": category, "quantity": quantity} for category, quantity in lines]
        if metadata:
            event["metadata"] = metadata
        return event

    def a_lead(self):
        return f"l-{self.random.between(1, self.leads)}"

    def moment(self, day):
        """A time of the agent's local day, half of them with milliseconds."""
        clock = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=self.random.second_of_day())
        time = time_on_clock(self.zone, clock)
        return time + timedelta(milliseconds=self.random.between(1, 999) if self.random.chance(50) else 0)

    def layer(self, time, lead, number, conversation):
        if number in self.cheap_layers:
            call = ("gpt-3.5-turbo", self.random.between(180, 900), self.random.between(12, 90))
        else:
            call = ("gpt-4.1", self.random.between(500, 1900), self.random.between(60, 180 + 50 * number))
        return self.event(time, LAYERS[number - 1], lead, call=call,
                          metadata={"layer": number, "conversation": conversation})

    def analysis(self, time, lead):
        self.conversations += 1
        conversation = f"{self.short}-{self.conversations:04d}"
        events = []
        for number in range(1, 6):
            events.append(self.layer(time, lead, number, conversation))
            time += timedelta(milliseconds=self.random.between(700, 3400))
        return events, time

    def message(self, time, kind, lead):
        metadata = None
        if kind == "template":
            metadata = {"campaign": self.random.pick(self.campaigns),
                        "template": self.random.pick(["viewing_invite", "price_update", "new_listing", "follow_up"])}
        elif kind == "media":
            metadata = {"media": self.random.pick(["floor_plan.pdf", "brochure.pdf", "front.jpg"])}
        self.calls += 1
        if self.calls % 90 == 7:  # personal data is to stay in the metadata
            metadata = dict(metadata or {}, phone=self.phone + f"{self.random.between(0, 99):02d}")
        return self.event(time, f"{kind}_message", lead, [(f"gupshup_{kind}_message", 1)], metadata=metadata,
                          id=self.random.ulid(time) if self.random.chance(60) else None)

    def template_generation(self, time):
        metadata = {"campaign": self.random.pick(self.campaigns), "variants": self.random.between(1, 3)}
        call = ("gpt-4.1", self.random.between(300, 800), self.random.between(120, 420))
        return self.event(time, "template_generation", call=call, metadata=metadata)

    def photos(self, time, count=None):
        count = count or self.random.between(2, 9)
        return self.event(time, "property_photo_analysis", lines=[("openai_vision_image", count)],
                          metadata={"listing": f"{self.short[0].upper()}-{self.random.between(1000, 9999)}"})

    def search(self, time, lead):
        lines = [("google_search_api", self.random.between(1, 3))]
        if self.random.chance(20):  # one event, two categories
            lines.append(("scrapingbee_request", self.random.between(1, 4)))
        metadata = None
        if self.random.chance(50):
            metadata = {"query": f"{self.random.between(2, 4)} rooms near {self.random.pick(self.places)}"}
        return self.event(time, "property_search", lead, lines, metadata=metadata)

    def scraping(self, time, day):
        self.jobs += 1
        choice = self.random.between(1, 10)
        lines = []
        if choice <= 7:
            lines.append(("scrapingbee_request", self.random.between(1, 6)))
        if choice >= 7:  # at 7 both: a page the one could not fetch went to the other
            lines.append(("scraperapi_request", self.random.between(1, 4)))
        plain = f"scrape-{self.short}-{day:%Y%m%d}-{self.jobs:03d}"
        return self.event(time, "listing_scraping", lines=lines, id=plain if self.random.chance(40) else None,
                          metadata={"source": "portal", "pages": sum(quantity for _, quantity in lines)})

    def day(self, day):
        """What happens on one local day: conversations, campaigns, listings."""
        random, events = self.random, []
        pace = self.pace if day.weekday() < 5 else self.pace // 2 if day.weekday() == 5 else self.pace // 3
        for _ in range(random.between(max(1, pace - 2), pace + 2)):
            lead = self.a_lead()
            analysis, time = self.analysis(self.moment(day), lead)
            events += analysis
            if random.chance(30):
                events.append(self.search(time, lead))
                time += timedelta(milliseconds=random.between(400, 2500))
            events.append(self.message(time, "session", lead))
            if random.chance(25):
                events.append(self.message(time + timedelta(seconds=random.between(2, 20)), "media", lead))
        for _ in range(random.between(pace, pace + 3)):
            events.append(self.message(self.moment(day), "template", self.a_lead()))
        for chance, make in [(60, self.template_generation), (70, self.photos), (30, self.photos)]:
            if random.chance(chance):
                events.append(make(self.moment(day)))
        for _ in range(random.between(0, 3)):
            events.append(self.scraping(self.moment(day), day))
        return events

    def around_midnight(self, day):
        """The last and the first instants of a local day, and a call a second to either side."""
        midnight, lead = midnight_of(self.zone, day), self.a_lead()
        return [
            self.layer(midnight - timedelta(seconds=1), lead, 1, f"{self.short}-night"),
            self.message(midnight - timedelta(milliseconds=1), "session", lead),
            self.message(midnight, "session", lead),
            self.layer(midnight + timedelta(seconds=1), lead, 5, f"{self.short}-night"),
        ]


def agencies(random):
    return [
        Agency(random, "agency-berlin", 140, 4, {1, 2},
               ["Neubau Friedrichshain", "Altbau Schöneberg", "Herbst 2025"],
               ["Boxhagener Platz", "Mauerpark", "Schlachtensee"], "+49 30 55501"),
        Agency(random, "agency-mumbai", 180, 3, {1, 2, 3},
               ["Bandra West 2BHK", "Diwali 2025", "दिवाली ऑफर"],
               ["Carter Road", "Powai Lake", "Worli Sea Face"], "+91 22 555001"),
        Agency(random, "agency-lisbon", 60, 2, {1},
               ["Alfama T2", "Vista Tejo", "São Martinho"],
               ["Miradouro da Graça", "Cais do Sodré", "Parque das Nações"], "+351 21 55501"),
    ]


def doubled_hour(berlin):
    """Berlin's clocks show 02:00 to 03:00 twice on 26 October: from 00:00 to 01:00 UTC, and again from 01:00."""
    events, lead = [], berlin.a_lead()
    for hour in (0, 1):
        first = datetime(2025, 10, 26, hour, tzinfo=UTC)
        events += [
            berlin.message(first, "session", lead),
            berlin.layer(first + timedelta(minutes=30), lead, 3 + hour, "berlin-doubled-hour"),
            berlin.message(first + timedelta(hours=1, milliseconds=-1), "session", lead),
        ]
    return events


def month(berlin, mumbai, lisbon):
    """The month as it arrives, in order of time, and the two events billed by mistake."""
    events = []
    for agency in (berlin, mumbai, lisbon):
        for day in DAYS:
            events += agency.day(day)
    for agency in (berlin, mumbai):
        for day in (date(2025, 10, 6), date(2025, 10, 13), date(2025, 10, 20), date(2025, 10, 27), date(2025, 11, 1)):
            events += agency.around_midnight(day)
    events += berlin.around_midnight(date(2025, 10, 26)) + doubled_hour(berlin)
    photos = berlin.photos(datetime(2025, 10, 9, 14, 20, 31, tzinfo=UTC), 48)
    strategy = mumbai.layer(datetime(2025, 10, 15, 7, 41, 5, 250000, tzinfo=UTC), mumbai.a_lead(), 5, "mumbai-test")
    events += [photos, strategy]
    events.sort(key=lambda event: (time_of(event["time"]), event["id"]))
    corrections = [
        {"void": photos["id"], "reason": "photos of another agency's listing, billed by mistake"},
        {"void": strategy["id"], "reason": "trial run of a prompt, not on behalf of the agency"},
    ]
    return events, corrections


def late(random, berlin, mumbai, lisbon):
    """Events of days gone by, September among them, in the order in which they at last arrive."""
    def at(*parts):
        return datetime(*parts, tzinfo=UTC)

    events = [
        berlin.message(at(2025, 9, 30, 21, 59, 59), "session", "l-7"),
        berlin.search(at(2025, 9, 30, 22, 0, 0), "l-7"),
        berlin.message(at(2025, 10, 26, 0, 15, 0), "template", "l-31"),  # 02:15 in Berlin
        berlin.message(at(2025, 10, 26, 1, 15, 0), "template", "l-31"),  # 02:15 once more
        berlin.search(at(2025, 9, 29, 8, 5, 40), "l-52"),
        mumbai.layer(at(2025, 9, 30, 18, 29, 59), "l-15", 4, "mumbai-september"),
        mumbai.layer(at(2025, 9, 30, 18, 30, 0), "l-15", 5, "mumbai-september"),
        lisbon.photos(at(2025, 9, 29, 16, 45, 12)),
    ]
    for _ in range(32):
        agency = random.pick([berlin, mumbai, lisbon])
        day = DAYS[random.between(0, 19)]
        time, lead, kind = agency.moment(day), agency.a_lead(), random.between(1, 10)
        if kind <= 3:
            events.append(agency.layer(time, lead, random.between(1, 5), f"{agency.short}-late"))
        elif kind <= 7:
            events.append(agency.message(time, random.pick(["template", "session", "media"]), lead))
        elif kind <= 9:
            events.append(agency.search(time, lead))
        else:
            events.append(agency.scraping(time, day))
    random.shuffle(events)
    return events


# MARK: repeats.ndjson

def repeats(random, events, voided):
    """Sixty lines sent twice: a third as they were, a third with keys in another order, a third with other
    white space (and some of these with both)."""

    def reordered(value):
        if isinstance(value, dict):
            keys = list(value)
            random.shuffle(keys)
            return {key: reordered(value[key]) for key in keys}
        return [reordered(item) for item in value] if isinstance(value, list) else value

    lines = []
    for number, event in enumerate(random.sample([event for event in events if event["id"] not in voided], 60)):
        if number % 3 == 0:
            lines.append(compact(event))
        elif number % 3 == 1:
            lines.append(compact(reordered(event)))
        else:
            event = reordered(event) if number % 2 else event
            separators = random.pick([(", ", ": "), (",", " : "), (" ,\t", ":  ")])
            lines.append("  " + json.dumps(event, ensure_ascii=False, separators=separators) + " ")
    return "".join(line + "\n" for line in lines)


# MARK: expected.json

def ndjson(values):
    return "".join(compact(value) + "\n" for value in values)


def events_in_csv(text):
    for row in csv.DictReader(io.StringIO(text, newline=""), strict=True):
        event = {key: row[key] for key in ("id", "agent", "operation", "time", "model")}
        if row["usage.input_tokens"]:
            event["usage"] = {key: int(row["usage." + key]) for key in ("input_tokens", "output_tokens")}
        if row["lines"]:
            event["lines"] = json.loads(row["lines"])
        yield event


def usage_lines(event):
    """(category, quantity) of an event."""
    lines = [(line["category"], line["quantity"]) for line in event.get("lines", [])]
    if "usage" in event:
        family = "gpt4" if "gpt-4" in event["model"] else "gpt35"
        lines += [(f"openai_{family}_{token_class.removesuffix('_tokens')}", quantity)
                  for token_class, quantity in event["usage"].items()]
    return lines


def local_day(event):
    time = time_of(event["time"])
    return (time + utc_offset(ZONES.get(event["agent"]), time)).date()


def period_start(day, period):
    return {"daily": day, "weekly": day - timedelta(days=day.weekday()),
            "monthly": day.replace(day=1), "yearly": day.replace(month=1, day=1)}[period]


def amount(value):
    """A decimal string without exponent or trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class Sum:
    def __init__(self):
        self.cost, self.quantity, self.unpriced, self.events = Decimal(0), 0, 0, 0

    def add(self, lines):
        self.events += 1
        for category, quantity in lines:
            self.quantity += quantity
            if category in RATES:
                self.cost += RATES[category] * quantity
            else:
                self.unpriced += quantity

    def json(self):
        return {"cost": amount(self.cost), "quantity": amount(self.quantity), "events": self.events,
                "unpricedQuantity": amount(self.unpriced)}


def reached(budget, spent):
    """The thresholds that `spent` is at or above. The demo has no amount that lies exactly on one."""
    thresholds = [("warning", budget["warning"]), ("critical", budget["critical"]), ("exceeded", 100)]
    limits = [(name, Decimal(budget["amount"]) * percent / 100) for name, percent in thresholds]
    assert all(spent != limit for _, limit in limits), (budget, spent)
    return [name for name, limit in limits if spent > limit]


def expected(events, voided):
    """Everything imported: each id once, without the voided.

    The corrections come last, so what spending had reached before them tells which alerts fired."""
    once = {}
    for event in events:
        first = once.setdefault(event["id"], event)
        assert first == event, event["id"]
    total, agents, budgets = Sum(), {}, [{} for _ in BUDGETS]
    for event in once.values():
        lines, day = usage_lines(event), local_day(event)
        for budget, periods in zip(BUDGETS, budgets):
            charged = [line for line in lines if budget.get("category") in (None, line[0])]
            if budget["agent"] in (None, event["agent"]) and charged:
                before, after = periods.setdefault(period_start(day, budget["period"]).isoformat(), (Sum(), Sum()))
                before.add(charged)
                if event["id"] not in voided:
                    after.add(charged)
        if event["id"] in voided:
            continue
        total.add(lines)
        agent = agents.setdefault(event["agent"], {"total": Sum(), "categories": {}, "days": {}})
        agent["total"].add(lines)
        agent["days"].setdefault(day.isoformat(), Sum()).add(lines)
        for line in lines:
            agent["categories"].setdefault(line[0], Sum()).add([line])
    return {
        "total": total.json(),
        "agents": {
            name: dict(agent["total"].json(), zone=ZONES.get(name, "UTC"),
                       categories={key: sum.json() for key, sum in agent["categories"].items()},
                       days={key: sum.json() for key, sum in agent["days"].items()})
            for name, agent in agents.items()
        },
        "budgets": [
            dict(budget, periods={
                start: {"spent": amount(after.cost), "status": (["normal"] + reached(budget, after.cost))[-1],
                        "alerts": reached(budget, before.cost)}
                for start, (before, after) in periods.items()
            })
            for budget, periods in zip(BUDGETS, budgets)
        ],
    }


# MARK: all files

def main():
    random = Random(20251002)
    berlin, mumbai, lisbon = agencies(random)
    regular, corrections = month(berlin, mumbai, lisbon)
    voided = {correction["void"] for correction in corrections}
    files = {
        "volume.csv": volume(),
        "agencies.ndjson": ndjson(regular),
        "late.ndjson": ndjson(late(random, berlin, mumbai, lisbon)),
        "repeats.ndjson": repeats(Random(20251003), regular, voided),
        "corrections.ndjson": ndjson(corrections),
        "budgets.json": "[\n" + ",\n".join("  " + json.dumps(budget) for budget in BUDGETS) + "\n]\n",
        "zones.json": json.dumps(ZONES) + "\n",
    }
    # From the text that is written, not from the values it was made of.
    events = list(events_in_csv(files["volume.csv"]))
    for name in ("agencies.ndjson", "repeats.ndjson", "late.ndjson"):
        events += [json.loads(line) for line in files[name].splitlines()]
    result = expected(events, voided)
    files["expected.json"] = json.dumps(result, sort_keys=True, separators=(",", ":")) + "\n"
    for name, text in files.items():
        (FOLDER / name).write_bytes(text.encode("utf-8"))


if __name__ == "__main__":
    main()
