"""Structured logs: JSON lines, or readable ones on a terminal."""

import logging
import sys

import structlog
from a2a.utils.errors import A2AError

from .settings import MeshSettings

_QUIET = (
    "a2a",
    "uvicorn.access",
    "httpx",
    "httpcore",
    "dbos",
    "alembic",
    "sse_starlette",
    "asyncio",
    "websockets",
)


def configure_logs(settings: MeshSettings, service: str) -> None:
    """Sets up structlog and sends the standard library's warnings through it."""
    level = getattr(logging, settings.log_level.upper())
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer]
        if as_json
        else [*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(service=service)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ]
            if as_json
            else [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    handler.addFilter(is_news)
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


def is_news(record: logging.LogRecord) -> bool:
    """False for the SDK's traceback of a protocol error: that was the caller's answer, and is logged where it was raised."""
    error = record.exc_info[1] if record.exc_info else None
    return not (record.name.startswith("a2a.") and isinstance(error, A2AError))
