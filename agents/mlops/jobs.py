"""What runs in the compute process. Importing this is cheap; MLflow comes with the work."""

from collections.abc import Callable
from dataclasses import dataclass

from mesh.language import Language, say

from .history import Kind
from .promotion import Previous, Promotion, judge
from .record import Record
from .registry import Version, open_registry
from .runs import Trained
from .store import Store


@dataclass(frozen=True)
class Registered:
    """A new version and what became of it."""

    version: Version
    promotion: Promotion
    previous: Previous | None


def register(
    store: Store,
    record: Record,
    trained: Trained,
    language: Language,
    progress: Callable[[float, str], None],
) -> Registered:
    """Log and register one model, and make it the champion when it is the first or better."""
    progress(0.2, say(language, en="Opening the MLflow store", ko="MLflow 저장소를 열고 있습니다"))
    with open_registry(store) as registry:
        progress(0.5, say(language, en="Logging the run", ko="실행 기록을 남기고 있습니다"))
        made = registry.register(record, trained)
        champion = registry.champion(record.name)
        previous = None
        if champion is not None:
            seen = champion.dataset_id or None
            previous = Previous(champion.version, champion.metric, champion.value, seen)
        promotion = judge(
            record.value, record.metric, lower_is_better=record.lower_is_better, champion=previous
        )
        if promotion.promoted:
            kind: Kind = "promotion" if previous else "first"
            registry.promote(record.name, made.version, reason=promotion.verdict, kind=kind)
        return Registered(registry.version(record.name, made.version), promotion, previous)


def list_versions(store: Store, name: str | None) -> list[Version]:
    """What is registered."""
    with open_registry(store) as registry:
        return registry.versions(name)
