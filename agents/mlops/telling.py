"""What the registry's use cases found, as data and in words."""

from dataclasses import asdict
from typing import Any

from mesh.language import Language

from .comparison_report import comparison_data, gates_data
from .comparison_story import comparison_findings, comparison_kpis, metric_table, segment_table, setting_table
from .desk import Told
from .gate_story import gate_table
from .history import Change
from .promotion_story import promotion_findings, rollback_findings
from .registering import Contest, Listing, Promoted, Registered
from .registry import Version
from .runs import Newcomer
from .story import (
    history_table,
    listing_findings,
    registered_finding,
    registration_findings,
    registration_tables,
    registration_warnings,
    version_table,
)


def tell_registration(language: Language, newcomer: Newcomer, made: Registered, shown_uri: str) -> Told:
    """A new version, and what the gates said of it."""
    before, record = made.champion, newcomer.record
    data: dict[str, Any] = {
        "name": record.name,
        "version": int(made.version.version),
        "run_id": made.version.run_id,
        "aliases": made.version.aliases,
        "metric": record.metric,
        "value": record.value,
        "promoted": made.promoted,
        "gain": made.compared.comparison.gain if made.compared else None,
        "gates": gates_data(made.compared.decision) if made.compared else [],
        "previous": None
        if before is None
        else {"version": int(before.version), "metric": before.metric, "value": before.value},
        "files": len(newcomer.trained.files),
        "tracking_uri": shown_uri,
    }
    return Told(
        data,
        registration_findings(language, record, made),
        registration_tables(language, made),
        warnings=registration_warnings(language, newcomer),
    )


def tell_listing(language: Language, listing: Listing) -> Told:
    """What is registered, and who was the champion when and why."""
    tables = [version_table(language, listing.versions)] if listing.versions else []
    if any(listing.history.values()):
        tables.append(history_table(language, listing))
    data = {
        "versions": [asdict(version) for version in listing.versions],
        "history": {name: [asdict(c) for c in changes] for name, changes in listing.history.items()},
    }
    return Told(data, listing_findings(language, listing), tables)


def tell_promotion(language: Language, made: Promoted, newcomer: Newcomer | None) -> Told:
    """Whether the version is the champion now, and every condition with its numbers; of a newcomer also its registration."""
    compared = made.compared
    registered = [registered_finding(language, newcomer.record, made.version)] if newcomer else []
    known = registration_warnings(language, newcomer) if newcomer else []
    data = {
        "name": made.version.name,
        "version": int(made.version.version),
        "champion": "champion" in made.version.aliases,
        "change": asdict(made.change) if made.change else None,
        "comparison": comparison_data(compared.comparison, compared.decision) if compared else None,
    }
    return Told(
        data,
        [*registered, *promotion_findings(language, made)],
        [gate_table(language, compared.decision)] if compared else [],
        warnings=[*known, *(compared.notes if compared else [])],
    )


def tell_rollback(language: Language, version: Version, change: Change) -> Told:
    """Which version is the champion again."""
    return Told({"name": version.name, **asdict(change)}, rollback_findings(language, version, change))


def tell_contest(language: Language, made: Contest) -> Told:
    """The comparisons, one after the other."""
    pairs = [(item.comparison, item.decision) for item in made.compared]
    tables = []
    for comparison, decision in pairs:
        tables += [metric_table(language, comparison), gate_table(language, decision)]
        tables += [segment_table(language, comparison)] if comparison.segments else []
        tables.append(setting_table(language, comparison))
    return Told(
        {"name": made.name, "comparisons": [comparison_data(*pair) for pair in pairs]},
        [found for pair in pairs for found in comparison_findings(language, *pair)],
        tables,
        comparison_kpis(language, pairs[0][0]),
        list(dict.fromkeys(note for item in made.compared for note in item.notes)),
        made.page,
    )
