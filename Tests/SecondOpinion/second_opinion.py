#!/usr/bin/env python3
"""A second opinion on a ledger: reads its log, folds it, and says what it comes to, in one JSON object.

Follows the pages "Log format", "Views" and "Budgets and alerts"; needs Python 3.9 and `lmdb` from PyPI.

    python3 Tests/SecondOpinion/second_opinion.py usage.ledger

Exit code 1, and the problem on standard error, where the log is damaged or stored rows are not what it leads to.
"""

import json
import sys
from datetime import date, timedelta

import lmdb

from bytecoding import Damage
from entries import Segment
from views import Views


def decimal(number, places):
    """An exact decimal text without trailing zeros."""
    sign, number = "-" if number < 0 else "", abs(number)
    whole, part = divmod(number, 10**places)
    fraction = str(part).rjust(places, "0").rstrip("0")
    return sign + str(whole) + ("." + fraction if fraction else "")


class Sum:
    def __init__(self):
        self.cost = self.quantity = self.events = self.unpriced = 0

    def fields(self):
        return {"cost": decimal(self.cost, 12), "quantity": decimal(self.quantity, 6), "events": self.events,
                "unpricedQuantity": decimal(self.unpriced, 6)}


def totals(views):
    """The sums of each agent, and of all ("" for the name), by day, category and operation, and altogether."""
    name = lambda symbol: views.texts[symbol].decode() if symbol else ""
    sums = {}

    def add(agent, grouping, key, events, parts):
        sum = sums.setdefault(name(agent), {}).setdefault(grouping, {}).setdefault(key, Sum())
        sum.events += events
        for quantity, cost, unpriced in parts:
            sum.quantity += quantity
            sum.cost += cost
            sum.unpriced += unpriced

    for (agent, day, operation, _, categories), row in views.summaries.items():
        if row[0] == 0 and not any(any(parts) for parts in row[1:]):
            continue
        add(agent, "total", "", row[0], row[1:])
        add(agent, "day", str(date(1970, 1, 1) + timedelta(days=day)), row[0], row[1:])
        add(agent, "operation", name(operation), row[0], row[1:])
        for category, parts in zip(categories, row[1:]):
            add(agent, "category", name(category), row[0], [parts])
    return {agent: {grouping: {key: sum.fields() for key, sum in groups.items()} for grouping, groups in of.items()}
            for agent, of in sums.items()}


def compare(views, environment, transaction):
    """Compares every stored row with those of the fold, where they stand at the same entry."""
    meta = environment.open_db(b"meta", transaction, create=False)
    prefix = b"views%d." % transaction.get(b"generation", db=meta)[0]
    try:
        checkpoints = environment.open_db(prefix + b"checkpoints", transaction, create=False)
    except lmdb.NotFoundError:
        return "none"
    stored = transaction.get(b"symbols", db=checkpoints)
    if stored is None or int.from_bytes(stored[:8], "big") != views.head:
        return "behind"
    for name, _, rows in views.tables():
        expected = dict(rows)
        table = environment.open_db(prefix + name.encode(), transaction, create=False)
        for key, value in transaction.cursor(table):
            if expected.pop(key, None) != value:
                raise Damage(f"table {name}: the row {key.hex()} is not what the log leads to")
        if expected:
            raise Damage(f"table {name}: {len(expected)} rows are missing")
    return "identical"


def main(path):
    environment = lmdb.open(path, readonly=True, max_dbs=64, lock=True)
    views, segments, previous = Views(), 0, 0
    with environment.begin() as transaction:
        meta = environment.open_db(b"meta", transaction, create=False)
        if int.from_bytes(transaction.get(b"format", db=meta), "big") != 1:
            raise Damage("the tables are of another version than 1")
        for key, content in transaction.cursor(environment.open_db(b"log", transaction, create=False)):
            segment = Segment(int.from_bytes(key, "big"), content)
            if segment.first != views.head + 1:
                raise Damage(f"the log has a gap: {views.head} is followed by {segment.first}")
            if segment.previous != previous:
                raise Damage(f"segment {segment.first} does not continue the one before it")
            views.fold(segment)
            previous = segment.checksum
            segments += 1
        stored = compare(views, environment, transaction)
    print(json.dumps({
        "entries": views.head, "segments": segments, "events": views.events, "checksum": f"{previous:08x}",
        "digest": views.digest(), "views": stored, "totals": totals(views)}, ensure_ascii=False, sort_keys=True))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} LEDGER-DIRECTORY")
    try:
        main(sys.argv[1])
    except (Damage, lmdb.Error) as problem:
        sys.exit(f"{sys.argv[1]}: {problem}")
