"""Telling the alert manager that a service is in a crash loop."""

import contextlib
import http.client
import json
from datetime import UTC, datetime, timedelta

REPEAT_S = 60.0
_TIMEOUT_S = 0.5


def post_crash_loop(host: str, port: int, service: str, since: datetime, last_exit: str, log: str) -> bool:
    """POST the alert to /api/v2/alerts; whether it was taken. It ends by itself unless it is repeated.

    `since` is when the service was given up.

    Never raises: the alert manager may be the service that crashed.
    """
    alert = {
        "labels": {"alertname": "ServiceCrashLoop", "service": service, "severity": "critical"},
        "annotations": {
            "summary": f"{service} keeps dying and is no longer restarted",
            "description": f"Last: {last_exit}. Its log is {log}. Restart the mesh when the cause is gone.",
        },
        "startsAt": since.isoformat(),
        "endsAt": (datetime.now(UTC) + timedelta(seconds=3 * REPEAT_S)).isoformat(),
    }
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)
        try:
            connection.request(
                "POST", "/api/v2/alerts", json.dumps([alert]), {"Content-Type": "application/json"}
            )
            return connection.getresponse().status < 300
        finally:
            connection.close()
    return False
