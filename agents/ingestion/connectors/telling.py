"""What a load says of the live source that it came from, in Korean or English."""

from collections.abc import Iterator, Mapping
from typing import Any

from mesh.language import Language, finding, say
from mesh.results import Finding

_KINDS = {
    "postgresql": "PostgreSQL",
    "mysql": "MySQL",
    "sqlite": "SQLite",
    "sql": "SQL",
    "mongodb": "MongoDB",
    "s3": "S3",
    "http": "HTTP",
    "sse": "SSE",
    "websocket": "WebSocket",
    "redis": "Redis",
}


def origin_findings(origin: Mapping[str, Any], language: Language) -> Iterator[Finding]:
    """Where and when a live source was read; nothing for a file. The number stated is in the evidence."""
    if not origin:
        return
    values = {
        "connection": origin["connection"],
        "place": _KINDS[origin["kind"]],
        "what": origin["what"],
        "read_at": origin["read_at"],
    }
    if "records" in origin:
        yield finding(
            language,
            en="{records:,} records were read from {what} of {connection} ({place}) at {read_at}.",
            ko="{read_at}에 {connection}({place})의 {what}에서 {records:,}건을 읽었습니다.",
            importance=0.15,
            kind="origin",
            records=origin["records"],
            **values,
        )
    else:
        yield finding(
            language,
            en="{what} was read from {connection} ({place}) at {read_at}.",
            ko="{read_at}에 {connection}({place})에서 {what}(을/를) 읽었습니다.",
            importance=0.15,
            kind="origin",
            **values,
        )


def origin_warnings(origin: Mapping[str, Any], language: Language) -> Iterator[str]:
    """What a careful reader has to know of it: that it is a part, or that some of a stream was lost."""
    if origin.get("limited"):
        yield say(
            language,
            en="Only the first {records:,} records of {what} were read, as `limit` asks; there may be more.",
            ko="`limit`에 따라 {what}의 앞 {records:,}건만 읽었습니다. 데이터가 더 있을 수 있습니다.",
            records=origin["records"],
            what=origin["what"],
        )
    if origin.get("gaps"):
        yield say(
            language,
            en="The stream was interrupted {gaps:,} times and could not be resumed where it stopped: events may be missing.",
            ko="스트림이 {gaps:,}번 끊겼고 끊긴 곳부터 이어 받을 수 없었습니다. 빠진 이벤트가 있을 수 있습니다.",
            gaps=origin["gaps"],
        )
