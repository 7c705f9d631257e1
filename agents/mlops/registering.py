"""The registry's use cases: register, promote under conditions, roll back, compare, list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mesh.errors import BadInputError
from mesh.language import Language, say

from .comparing import Compared, compare_entrants, line_up, registered, unregistered, write_page
from .desk import Desk
from .history import Change
from .promotion import Rules
from .registry import Registry, Version, open_registry
from .request import Wish, choose_name, understand
from .runs import Newcomer, Trained
from .store import Store

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Registered:
    """A new version, and how it compared with the champion before it; None when there was none."""

    version: Version
    champion: Version | None
    compared: Compared | None

    @property
    def promoted(self) -> bool:
        """Whether it is the champion now."""
        return self.compared is None or self.compared.decision.passed


@dataclass(frozen=True)
class Promoted:
    """The outcome for a version that was to become the champion. `change` is None when it was refused."""

    version: Version
    compared: Compared | None
    change: Change | None


@dataclass(frozen=True)
class Contest:
    """The comparisons of one model's versions, each against the first, and the page that shows them."""

    name: str
    compared: tuple[Compared, ...]
    page: Path


@dataclass(frozen=True)
class Listing:
    """Versions by name, newest first, and the changes of each name's champion, oldest first."""

    versions: list[Version]
    history: dict[str, list[Change]]


def register(
    store: Store, newcomer: Newcomer, desk: Desk, progress: Progress, *, margin: float = 0.0
) -> Registered:
    """Log and register one model, and make it the champion when it is the first or passes the gates."""
    name = newcomer.record.name
    progress(0.2, say(desk.language, en="Opening the MLflow store", ko="MLflow 저장소를 열고 있습니다"))
    with open_registry(store) as registry:
        progress(0.5, say(desk.language, en="Logging the run", ko="실행 기록을 남기고 있습니다"))
        made = registry.register(newcomer)
        champion = registry.champion(name)
        progress(0.8, say(desk.language, en="Comparing with the champion", ko="챔피언과 비교하고 있습니다"))
        compared = _against(registry, champion, made, desk, Rules(margin))
        if compared is None:
            registry.promote(name, made.version, reason=_first(desk.language), kind="first")
        elif compared.decision.passed:
            registry.promote(name, made.version, reason=_passed(desk.language))
        return Registered(registry.version(name, made.version), champion, compared)


def promote(store: Store, wish: Wish, newcomer: Newcomer | None, desk: Desk) -> Promoted:
    """Make a version the champion if the gates let it pass, or if the person insists.

    The version is that of a newcomer, which is registered first; else the one asked for, the challenger, or the newest. One
    that is the champion already stays it.
    """
    with open_registry(store) as registry:
        if newcomer is not None:
            made = registry.register(newcomer)
            wish = replace(wish, name=made.name, versions=(made.version,))
        asked, name = _understood(registry, wish, desk.language)
        version, champion = _wanted(registry, name, asked.versions, desk.language), registry.champion(name)
        if champion is not None and champion.version == version.version:
            return Promoted(version, None, None)
        compared = _against(registry, champion, version, desk, Rules(asked.margin or 0.0))
        change = None
        if compared is None:
            change = registry.promote(name, version.version, reason=asked.why, kind="first")
        elif compared.decision.passed:
            change = registry.promote(name, version.version, reason=asked.why)
        elif asked.force:
            change = registry.promote(name, version.version, reason=asked.why, kind="forced")
        return Promoted(registry.version(name, version.version), compared, change)


def rollback(store: Store, wish: Wish, language: Language) -> tuple[Version, Change]:
    """Return to the last champion before the present one, or to the version asked for.

    A sentence may speak of the present champion too, as what is wrong: that is not where to return to.
    """
    with open_registry(store) as registry:
        asked, name = _understood(registry, wish, language)
        champion = registry.champion(name)
        present = champion.version if champion is not None else None
        said = wish.versions or tuple(version for version in asked.versions if version != present)
        change = registry.rollback(name, said[-1] if said else None, reason=asked.why, language=language)
        return registry.version(name, change.version), change


def compare_versions(
    store: Store, wish: Wish, newcomer: Trained | None, desk: Desk, progress: Progress
) -> Contest:
    """Each version against the first, and a page of it."""
    progress(0.2, say(desk.language, en="Fetching the versions", ko="버전을 불러오고 있습니다"))
    with open_registry(store) as registry:
        asked, name = _understood(registry, wish, desk.language)
        entrant = unregistered(newcomer) if newcomer is not None else None
        entrants = line_up(registry, name, asked.versions, entrant, desk)
    progress(0.5, say(desk.language, en="Comparing", ko="비교하고 있습니다"))
    rules = Rules(asked.margin or 0.0)
    compared = tuple(compare_entrants(entrants[0], other, desk, rules) for other in entrants[1:])
    return Contest(name, compared, write_page(name, compared, desk))


def list_versions(store: Store, wish: Wish, language: Language = "en") -> Listing:
    """What is registered, of one model when the wish names it."""
    with open_registry(store) as registry:
        versions = registry.versions(understand(wish, registry.names()).name, language)
        names = dict.fromkeys(version.name for version in versions)
        return Listing(versions, {name: registry.history(name) for name in names})


def _understood(registry: Registry, wish: Wish, language: Language) -> tuple[Wish, str]:
    names = registry.names()
    asked = understand(wish, names)
    return asked, choose_name(asked, names, language)


def _against(
    registry: Registry, champion: Version | None, version: Version, desk: Desk, rules: Rules
) -> Compared | None:
    if champion is None:
        return None
    return compare_entrants(
        registered(registry, champion, desk), registered(registry, version, desk), desk, rules
    )


def _wanted(registry: Registry, name: str, said: Sequence[str], language: Language) -> Version:
    if said:
        return registry.version(name, said[-1], language)
    versions = registry.versions(name)
    if not versions:
        raise BadInputError(
            say(
                language,
                en="'{name}' has no version yet; train a model and register it.",
                ko="'{name}'에 아직 버전이 없습니다. 모델을 학습해 등록해 주십시오.",
                name=name,
            )
        )
    return registry.challenger(name) or versions[0]


def _first(language: Language) -> str:
    return say(language, en="the first version", ko="첫 번째 버전")


def _passed(language: Language) -> str:
    return say(language, en="it passed every condition at registration", ko="등록할 때 모든 조건을 통과함")
