"""The comparison of registered versions, as a job: fetched from the registry, scored on the same rows, judged by the gates."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mesh.errors import BadInputError
from mesh.language import say

from .comparison import Candidate, Comparison, compare
from .comparison_page import comparison_page
from .desk import Desk
from .holdout import read_holdout
from .promotion import Decision, Rules, decide
from .registry import Registry, Version
from .runs import ModelFile, ModelFiles, Trained
from .schema import training_data
from .scoring import score_both


@dataclass(frozen=True)
class Entrant:
    """A model with its files, whether registered or not."""

    candidate: Candidate
    files: ModelFiles


@dataclass(frozen=True)
class Compared:
    """One comparison, what the gates say to it, and what to know about how it was made."""

    comparison: Comparison
    decision: Decision
    notes: tuple[str, ...] = ()


def registered(registry: Registry, version: Version, desk: Desk) -> Entrant:
    """A registered version, fetched."""
    files = registry.files(version, desk.folder / f"version-{version.version}")
    return Entrant(_candidate(files, version), files)


def unregistered(trained: Trained) -> Entrant:
    """A model that has just been trained."""
    known = tuple(ModelFile(path, "") for path, _ in trained.files)
    files = ModelFiles(trained.description, known, trained.holdout)
    return Entrant(_candidate(files, None), files)


def compare_entrants(first: Entrant, second: Entrant, desk: Desk, rules: Rules) -> Compared:
    """The second against the first, on the rows given when both can score them."""
    scored, notes = None, []
    if desk.rows is not None:
        both = score_both(first.files, second.files, desk.rows, desk.token, desk.language)
        scored = both.pair
        notes = [both.note] if both.note else []
    comparison = compare(first.candidate, second.candidate, scored)
    return Compared(comparison, decide(comparison, rules), tuple(notes))


def line_up(
    registry: Registry, name: str, said: Sequence[str], newcomer: Entrant | None, desk: Desk
) -> list[Entrant]:
    """Who is compared, the one to beat first: the versions said, the new model last; the champion stands in for what is not said.

    Without a word of which, the champion meets the newest other version, or, when it is the newest itself, the one before it.
    Raises: BadInputError when there is only one.
    """
    chosen = [registry.version(name, version, desk.language) for version in said]
    champion = registry.champion(name)
    if champion is not None and len(chosen) + (newcomer is not None) < 2 and champion not in chosen:
        chosen.insert(0, champion)
    if len(chosen) + (newcomer is not None) < 2:
        known = {version.version for version in chosen}
        others = [version for version in registry.versions(name) if version.version not in known]
        chosen += others[:1]
    entrants = [registered(registry, version, desk) for version in chosen]
    entrants += [newcomer] if newcomer is not None else []
    if len(entrants) < 2:
        raise BadInputError(
            say(
                desk.language,
                en="'{name}' has only one version; register another to compare it with.",
                ko="'{name}'에는 버전이 하나뿐입니다. 비교할 버전을 하나 더 등록해 주십시오.",
                name=name,
            )
        )
    return entrants


def write_page(name: str, compared: Sequence[Compared], desk: Desk) -> Path:
    """The comparisons as an HTML page."""
    path = desk.folder / "comparison.html"
    pairs = [(item.comparison, item.decision) for item in compared]
    path.write_text(comparison_page(name, pairs, desk.language), encoding="utf-8")
    return path


def _candidate(files: ModelFiles, version: Version | None) -> Candidate:
    data = training_data(files.description)
    return Candidate(
        version.version if version else None,
        files.description,
        read_holdout(files.description, files.holdout),
        bool(files.files),
        data.get("id") or (version.dataset_id if version else ""),
        data.get("name") or (version.dataset_name if version else ""),
    )
