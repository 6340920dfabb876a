"""What no schema can say, for schemathesis (SCHEMATHESIS_HOOKS names this module): a well-formed value that breaks one of
these rules is made one that does not, or its case is left out. All checks run on all paths.

- an event names a category that the rate card has, once, and so much of it that its cost fits;
- its time lies at most a day ahead of the clock;
- lengths are counted in bytes of UTF-8, those of a CloudEvent's source and id together;
- the first day is not behind the last, and they are at most ten years apart;
- a warning threshold is not above the critical one, of which each has a default.
"""
import datetime
import re

import schemathesis

KNOWN = "google_search_api"
NAME = re.compile(r"^[^\x00-\x1f\x7f-\x9f]{1,128}$")
NAME_BYTES = 128
QUANTITY = 1_000_000
RANGE_DAYS = 3660


def moment(text):
    try:
        found = datetime.datetime.fromisoformat(re.sub(r"\.\d+", "", text).replace("Z", "+00:00"))
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=datetime.timezone.utc)


def mended(value, field=None):
    """The value with what is well-formed made possible."""
    if isinstance(value, dict):
        return {key: mended(each, key) for key, each in value.items()}
    if isinstance(value, list):
        several = [mended(each) for each in value]
        if field == "lines" and len(value) <= 32 and all(isinstance(each, dict) for each in value):
            return [each for place, each in enumerate(several) if each.get("category") != KNOWN or place == 0]
        return several
    if field == "category" and isinstance(value, str) and NAME.match(value):
        return KNOWN
    if isinstance(value, (int, float)) and not isinstance(value, bool) and QUANTITY < value <= 10**12:
        return value if field == "budgetAmount" else QUANTITY
    if isinstance(value, str) and re.fullmatch(r"[0-9]{7,12}(\.[0-9]{1,6})?", value) and field != "budgetAmount":
        return str(QUANTITY)
    if field == "time":
        at = moment(value)
        if at and at > datetime.datetime.now(datetime.timezone.utc):
            return "2020-01-01T00:00:00Z"
    return value


def ordered(budget):
    """The budget with its warning below its critical threshold, where both are possible ones."""
    warning, critical = budget.get("warningThreshold"), budget.get("criticalThreshold")
    warning, critical = (80 if warning is None else warning), (95 if critical is None else critical)
    if all(isinstance(each, (int, float)) and 1 <= each <= 1000 for each in (warning, critical)) and warning > critical:
        return {**budget, "warningThreshold": 1}
    return budget


def fits(value):
    if isinstance(value, str):
        return len(value.encode("utf-8", "replace")) <= NAME_BYTES
    if isinstance(value, dict):
        return all(fits(key) and fits(each) for key, each in value.items() if key not in ("metadata", "dataschema"))
    if isinstance(value, list):
        return all(map(fits, value))
    return True


def is_possible(event):
    if not isinstance(event, dict):
        return True
    source, id = event.get("source"), event.get("id")
    if isinstance(source, str) and isinstance(id, str):
        spelled = id.replace("%", "%25").replace("/", "%2F")
        if len(f"{source}/{spelled}".encode("utf-8", "replace")) > NAME_BYTES:
            return False
    return fits(event)


@schemathesis.hook
def before_call(context, case, kwargs):
    case.body = mended(case.body)
    if isinstance(case.body, dict) and "budgetAmount" in case.body:
        case.body = ordered(case.body)
    if case.query:
        first, last = moment(case.query.get("startDate")), moment(case.query.get("endDate"))
        if first and last and (first > last or (last - first).days >= RANGE_DAYS - 1):
            case.query["startDate"] = case.query["endDate"]


@schemathesis.hook
def filter_query(context, query):
    return fits(dict(query or {}))


@schemathesis.hook
def filter_path_parameters(context, path_parameters):
    return fits(dict(path_parameters or {}))


@schemathesis.hook
def filter_body(context, body):
    return all(map(is_possible, body)) if isinstance(body, list) else is_possible(body)
