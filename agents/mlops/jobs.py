"""What runs in the compute process. Importing this is cheap; MLflow comes with the work."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from mesh.language import Language, say

from .record import Record
from .registry import Registered, Store, Version, open_registry


def register(
    store: Store,
    record: Record,
    model: dict[str, Any],
    files: list[tuple[Path, str]],
    language: Language,
    progress: Callable[[float, str], None],
) -> Registered:
    """Log and register one model."""
    progress(0.2, say(language, en="Opening the MLflow store", ko="MLflow 저장소를 열고 있습니다"))
    with open_registry(store) as registry:
        progress(0.5, say(language, en="Logging the run", ko="실행 기록을 남기고 있습니다"))
        return registry.register(record, model, files)


def list_versions(store: Store, name: str | None) -> list[Version]:
    """What is registered."""
    with open_registry(store) as registry:
        return registry.versions(name)
