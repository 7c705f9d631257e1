"""a2a-mesh: the kernel, and what an agent author imports."""

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
