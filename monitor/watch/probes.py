"""Looks at services over HTTP: whether they answer, how fast, and what they measure."""

import json
import time
from typing import Any

import anyio
import httpx

from .models import Probe, Target

PROBE_DEADLINE_S = 1.0
_HEALTH_BYTES = 64 * 1024
_METRICS_BYTES = 4 * 1024 * 1024
_NO_HEALTH = (404, 405, 501)
_METRICS_TYPE = {"Accept": "text/plain;version=0.0.4"}


async def probe(http: httpx.AsyncClient, target: Target) -> Probe:
    """One look at a target, within 1 s: its `/health`, or its card when it has none. Never raises for what it sees."""
    begun = time.perf_counter()
    try:
        with anyio.fail_after(PROBE_DEADLINE_S):
            status, body = await _get(http, target.url + "health", _HEALTH_BYTES)
            if status in _NO_HEALTH:
                status, body = await _get(http, target.card_url, _HEALTH_BYTES)
    except (TimeoutError, httpx.TimeoutException):
        return _silent(begun, f"no answer within {PROBE_DEADLINE_S:g} s")
    except httpx.ConnectError:
        return _silent(begun, "connection refused", refused=True)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return _silent(begun, f"the connection failed: {type(error).__name__}")
    return _read(status, body, time.perf_counter() - begun)


async def scrape(http: httpx.AsyncClient, target: Target) -> str | None:
    """The target's own metrics, or None when it has none to give within 1 s."""
    try:
        with anyio.fail_after(PROBE_DEADLINE_S):
            status, body = await _get(http, target.url + "metrics", _METRICS_BYTES, headers=_METRICS_TYPE)
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL):
        return None
    return body.decode("utf-8", "replace") if status == 200 else None


async def _get(
    http: httpx.AsyncClient, url: str, limit_bytes: int, headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """Status and body, the body cut off at the limit. A kept connection that was closed meanwhile is opened again once."""
    try:
        return await _get_once(http, url, limit_bytes, headers)
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
        return await _get_once(http, url, limit_bytes, headers)


async def _get_once(
    http: httpx.AsyncClient, url: str, limit_bytes: int, headers: dict[str, str] | None
) -> tuple[int, bytes]:
    body = bytearray()
    async with http.stream("GET", url, headers=headers) as response:
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > limit_bytes:
                break
    return response.status_code, bytes(body[:limit_bytes])


def _silent(begun: float, detail: str, *, refused: bool = False) -> Probe:
    seconds = time.perf_counter() - begun
    return Probe(answered=False, ready=False, seconds=seconds, refused=refused, detail=detail)


def _read(status: int, body: bytes, seconds: float) -> Probe:
    told = _json_object(body)
    ready = 200 <= status < 300
    waiting_for = told.get("waiting_for")
    detail = "" if ready else f"not ready: {waiting_for}" if waiting_for else f"answers with status {status}"
    uptime_s, pid = told.get("uptime_s"), told.get("pid")
    return Probe(
        answered=True,
        ready=ready,
        seconds=seconds,
        detail=detail,
        version=str(told.get("version") or ""),
        uptime_s=float(uptime_s) if isinstance(uptime_s, int | float) else None,
        pid=pid if isinstance(pid, int) else None,
    )


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
