"""a2a-mesh: the kernel, and what an agent author imports.

Names are loaded on first use, so that importing one part of the kernel does not import all of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .agent import Agent, NoParams, Params, skill
    from .calls import bytes_part, data_part, text_part, url_part
    from .context import SkillContext
    from .errors import (
        BadInputError,
        ForbiddenError,
        MeshError,
        NeedsInputError,
        NotFoundError,
        UnavailableError,
    )
    from .language import Language, detect_language, finding, say
    from .replies import Done, RejectedError, Reply
    from .results import Column, DatasetRef, FileRef, Finding, Kpi, Output, SkillResult, Table

_HOMES = {
    "agent": ("Agent", "NoParams", "Params", "skill"),
    "calls": ("bytes_part", "data_part", "text_part", "url_part"),
    "context": ("SkillContext",),
    "errors": (
        "BadInputError",
        "ForbiddenError",
        "MeshError",
        "NeedsInputError",
        "NotFoundError",
        "UnavailableError",
    ),
    "language": ("Language", "detect_language", "finding", "say"),
    "replies": ("Done", "RejectedError", "Reply"),
    "results": ("Column", "DatasetRef", "FileRef", "Finding", "Kpi", "Output", "SkillResult", "Table"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Agent",
    "BadInputError",
    "Column",
    "DatasetRef",
    "Done",
    "FileRef",
    "Finding",
    "ForbiddenError",
    "Kpi",
    "Language",
    "MeshError",
    "NeedsInputError",
    "NoParams",
    "NotFoundError",
    "Output",
    "Params",
    "RejectedError",
    "Reply",
    "SkillContext",
    "SkillResult",
    "Table",
    "UnavailableError",
    "bytes_part",
    "data_part",
    "detect_language",
    "finding",
    "say",
    "skill",
    "text_part",
    "url_part",
]


def __getattr__(name: str) -> Any:
    """Loads a public name from the module that defines it."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'mesh' has no attribute {name!r}")
    return getattr(import_module(f".{home}", __name__), name)
