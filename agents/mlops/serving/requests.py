"""What is sent to an endpoint: rows to score and true outcomes, read from JSON with every fault told at once."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Any

from mesh.errors import InvalidRequestError, TooLargeError
from mesh.scoring.description import ModelDescription, as_number

from .traffic import Outcome

MAX_ROWS = 1_000
MAX_LABELS = 10_000
MAX_BODY_BYTES = 4 * 2**20
MAX_ID = 200
_SHOWN = 5
Row = dict[str, Any]


@dataclass(frozen=True)
class ScoreRequest:
    """Rows to score. `id` names the request in the log, `key` decides who answers during a split; `digest` is of the rows."""

    id: str
    key: str
    rows: list[Row]
    digest: str


def score_request(body: bytes) -> ScoreRequest:
    """The request in a body: `{"rows": […], "request_id": …, "key": …}`, or the rows alone.

    Raises: InvalidRequestError that lists what is wrong; TooLargeError for more than `MAX_ROWS`.
    """
    parsed = _json(body)
    given = {"rows": parsed} if isinstance(parsed, list) else parsed
    if not isinstance(given, dict) or not isinstance(given.get("rows"), list) or not given["rows"]:
        raise InvalidRequestError(
            'Send {"rows": [{"column": value, …}, …]} with at least one row; GET /schema shows an example.'
        )
    rows = given["rows"]
    if len(rows) > MAX_ROWS:
        raise TooLargeError(
            f"{len(rows):,} rows at once; at most {MAX_ROWS:,}. Send them in several requests."
        )
    faults = [f"{name} is not a known field" for name in given.keys() - {"rows", "request_id", "key"}]
    faults += [fault for number, row in enumerate(rows) if (fault := _fault(number, row))]
    request_id, key = _text(given, "request_id", faults), _text(given, "key", faults)
    if faults:
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise InvalidRequestError("; ".join(faults[:_SHOWN]) + more + ".")
    digest = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
    request_id = request_id or uuid.uuid4().hex
    return ScoreRequest(request_id, key or request_id, rows, digest)


def label_request(body: bytes, description: ModelDescription) -> list[Outcome]:
    """The outcomes in a body: `{"labels": [{"request_id": …, "row": 0, "actual": …}, …]}`, or the list alone.

    Raises: InvalidRequestError that lists what is wrong, a class that the model does not know among it; TooLargeError.
    """
    parsed = _json(body)
    given = parsed.get("labels") if isinstance(parsed, dict) else parsed
    if not isinstance(given, list) or not given:
        raise InvalidRequestError('Send {"labels": [{"request_id": "…", "row": 0, "actual": value}, …]}.')
    if len(given) > MAX_LABELS:
        raise TooLargeError(
            f"{len(given):,} labels at once; at most {MAX_LABELS:,}. Send them in several requests."
        )
    outcomes, faults = [], []
    for number, item in enumerate(given):
        try:
            outcomes.append(_outcome(item, description))
        except ValueError as fault:
            faults.append(f"label {number}: {fault}")
    if faults:
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise InvalidRequestError("; ".join(faults[:_SHOWN]) + more + ". None of them was taken.")
    return outcomes


def _json(body: bytes) -> Any:
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidRequestError(f"The body is not valid JSON: {error}.") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value; use null for what is missing")


def _fault(number: int, row: Any) -> str | None:
    if not isinstance(row, dict):
        return f"row {number} is not an object of column names and values"
    nested = [name for name, value in row.items() if isinstance(value, dict | list)]
    if nested:
        return f"row {number}: {', '.join(map(repr, nested))} must be a text, a number, true, false or null"
    return None


def _text(given: dict[str, Any], name: str, faults: list[str]) -> str | None:
    value = given.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int) or not 0 < len(str(value)) <= MAX_ID:
        faults.append(f"{name} must be a text of 1 to {MAX_ID} characters")
        return None
    return str(value)


def _outcome(item: Any, description: ModelDescription) -> Outcome:
    if not isinstance(item, dict) or not {"request_id", "actual"} <= item.keys():
        raise ValueError("needs request_id and actual")
    row = item.get("row", 0)
    if isinstance(row, bool) or not isinstance(row, int) or row < 0:
        raise ValueError(f"row must be a whole number from 0 on, not {row!r}")
    return Outcome(str(item["request_id"]), row, _actual(item["actual"], description))


def _actual(value: Any, description: ModelDescription) -> str | float:
    """The outcome in the model's words."""
    if description.classes:
        label = description.class_of(value)
        if label is None:
            raise ValueError(f"{value!r} is none of the classes {', '.join(description.classes)}")
        return label
    number = as_number(value)
    if number is None:
        raise ValueError(f"{value!r} is not a number")
    return number
