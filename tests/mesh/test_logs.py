"""What reaches the log."""

import logging

import pytest
from a2a.utils.errors import TaskNotFoundError

from mesh.logs import is_news


def record(logger: str, error: Exception) -> logging.LogRecord:
    told = (type(error), error, None)
    return logging.LogRecord(logger, logging.ERROR, __file__, 1, "Execution failed", None, told)


@pytest.mark.parametrize(
    ("logger", "error", "news"),
    [
        ("a2a.server.agent_execution.active_task", TaskNotFoundError(), False),
        ("a2a.server.agent_execution.active_task", RuntimeError("a bug"), True),
        ("uvicorn.error", TaskNotFoundError(), True),
    ],
)
def test_answers_are_no_news_and_bugs_are(logger: str, error: Exception, news: bool) -> None:
    assert is_news(record(logger, error)) is news


def test_a_plain_message_is_news() -> None:
    assert is_news(logging.LogRecord("a2a.x", logging.ERROR, __file__, 1, "text", None, None))
