"""Many services' Prometheus metrics as one exposition, each sample labelled with its service. Pure.

Format: Prometheus text exposition 0.0.4. A `service` label that a sample brings becomes `exported_service`, as Prometheus
does with the labels of a scrape.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_META = re.compile(rf"# (?P<kind>HELP|TYPE) (?P<name>{_NAME})(?: (?P<text>.*))?")
_LABEL = re.compile(r'\s*(?P<name>[a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"(?P<value>(?:[^"\\]|\\.)*)"\s*(?:,|$)')
_SAMPLE = re.compile(rf"(?P<name>{_NAME})\s*(?:\{{(?P<labels>.*)\}})?\s*(?P<value>\S+)(?P<time>\s+-?\d+)?\s*")
_TYPES = ("counter", "gauge", "histogram", "summary", "untyped")
_SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("_sum", "_count")}


@dataclass
class Merged:
    """The exposition, and how many lines of each service could not be part of it."""

    text: str
    rejected: dict[str, int] = field(default_factory=dict)


@dataclass
class _Family:
    name: str
    kind: str = "untyped"
    help: str = ""
    samples: list[str] = field(default_factory=list)


def merge(scrapes: Mapping[str, str], own: str = "") -> Merged:
    """One exposition from each service's own.

    Args: `scrapes` by service name; `own` is an exposition whose samples say for themselves which service they are of.
    A metric that two services type differently keeps the first type, the other's samples are rejected, as are malformed lines.
    """
    families: dict[str, _Family] = {}
    rejected: dict[str, int] = {}
    for service, text in [("", own), *sorted(scrapes.items())]:
        bad = _add(families, service, text)
        if bad:
            rejected[service] = bad
    lines = [line for name in sorted(families) for line in _lines(families[name])]
    return Merged("".join(f"{line}\n" for line in lines), rejected)


def _add(families: dict[str, _Family], service: str, text: str) -> int:
    """Add one service's lines to the families; how many did not fit."""
    declared: dict[str, _Family] = {}
    current: _Family | None = None
    bad = 0
    for line in text.split("\n"):
        if not line.strip():
            continue
        if line.startswith("#"):
            meta = _META.fullmatch(line)
            if meta:
                current = declared.setdefault(meta["name"], _Family(meta["name"]))
                _describe(current, meta["kind"], meta["text"] or "")
            continue
        found = _SAMPLE.fullmatch(line)
        labelled = _labelled(found, service) if found else None
        if found is None or labelled is None:
            bad += 1
            continue
        mine = current if current and _belongs(found["name"], current) else None
        mine = mine or declared.setdefault(found["name"], _Family(found["name"]))
        target = families.setdefault(mine.name, _Family(mine.name, mine.kind, mine.help))
        if target.kind != mine.kind:
            bad += 1
            continue
        target.samples.append(labelled)
    return bad


def _describe(family: _Family, kind: str, text: str) -> None:
    if kind == "HELP":
        family.help = text
    elif text.strip() in _TYPES:
        family.kind = text.strip()


def _belongs(sample: str, family: _Family) -> bool:
    return sample == family.name or sample in [
        family.name + suffix for suffix in _SUFFIXES.get(family.kind, ())
    ]


def _labelled(sample: re.Match[str], service: str) -> str | None:
    """The sample's line with the service's label; None when labels or value are malformed."""
    labels = _parsed(sample["labels"] or "")
    if labels is None or not _is_number(sample["value"]):
        return None
    if service:
        labels = [("exported_service" if name == "service" else name, value) for name, value in labels]
        labels.insert(0, ("service", _escaped(service)))
    inner = ",".join(f'{name}="{value}"' for name, value in labels)
    shown = f"{{{inner}}}" if inner else ""
    return f"{sample['name']}{shown} {sample['value']}{(sample['time'] or '').rstrip()}"


def _parsed(text: str) -> list[tuple[str, str]] | None:
    labels: list[tuple[str, str]] = []
    position = 0
    while position < len(text.rstrip()):
        found = _LABEL.match(text, position)
        if found is None:
            return None
        labels.append((found["name"], found["value"]))
        position = found.end()
    return labels


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _lines(family: _Family) -> list[str]:
    if not family.samples:
        return []
    described = [f"# HELP {family.name} {family.help}"] if family.help else []
    return [*described, f"# TYPE {family.name} {family.kind}", *family.samples]
