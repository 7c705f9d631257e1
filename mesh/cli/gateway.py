"""The gateway as the command line calls it. Everything is bounded; a gateway that is away for a moment is waited for."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import httpx

from mesh.analysis import Analysis, ProgressEvent
from mesh.errors import BadInputError, MeshError, UnavailableError
from mesh.settings import MeshSettings

_TIMEOUT = httpx.Timeout(30.0, connect=2.0)
_SILENCE_S = 90.0
_AWAY_S = 60.0
_PAUSE_S = 0.3


def gateway_url(settings: MeshSettings, url: str | None) -> str:
    """Where the gateway is: `url` if given, else its address by the settings, without a trailing slash."""
    return (url or settings.url_of("gateway")).rstrip("/")


class GatewayClient:
    """Use as a context manager. Raises: UnavailableError when nothing answers, MeshError with the gateway's own words."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=url, timeout=_TIMEOUT, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def submit(self, question: str, data: Sequence[str]) -> str:
        """Order an analysis and return its id. Of `data`, files here are sent; names and URLs are for the mesh to read."""
        headers = {"Prefer": "respond-async"}
        if not any(Path(item).is_file() for item in data):
            named = [_named(item) for item in data]
            body = {"query": question, **({"data": named if len(named) > 1 else named[0]} if named else {})}
            return str(self._json("POST", "/analyze", json=body, headers=headers)["id"])
        with ExitStack() as stack:
            form = [("query", (None, question)), *(_form_part(item, stack) for item in data)]
            timeout = httpx.Timeout(600.0, connect=2.0)
            return str(self._json("POST", "/analyze", headers=headers, timeout=timeout, files=form)["id"])

    def events(self, analysis_id: str) -> Iterator[ProgressEvent]:
        """Every progress event, from the first to the final one, across interruptions.

        Raises: UnavailableError when the gateway stays away for a minute.
        """
        last, heard = 0, time.monotonic()
        while True:
            try:
                for event in self._stream(analysis_id, last):
                    heard = time.monotonic()
                    if event.seq > last:
                        last = event.seq
                        yield event
                    if event.final:
                        return
                if self.analysis(analysis_id).finished_at is not None:
                    return
            except (UnavailableError, httpx.TransportError):
                if time.monotonic() - heard > _AWAY_S:
                    raise UnavailableError(
                        f"lost the gateway at {self.url}; the analysis is {analysis_id}"
                    ) from None
            time.sleep(_PAUSE_S)

    def analysis(self, analysis_id: str) -> Analysis:
        """The analysis as it stands."""
        return Analysis.model_validate(self._json("GET", f"/analyses/{analysis_id}"))

    def raw_analysis(self, analysis_id: str) -> dict[str, Any]:
        """The same as the gateway's JSON."""
        return dict(self._json("GET", f"/analyses/{analysis_id}"))

    def cancel(self, analysis_id: str) -> None:
        """Stop an analysis everywhere."""
        self._json("DELETE", f"/analyses/{analysis_id}")

    def agents(self) -> list[dict[str, Any]]:
        """Every registered agent, as AgentView JSON."""
        return list(self._json("GET", "/agents")["agents"])

    def add_agent(self, url: str) -> dict[str, Any]:
        """Register the agent at `url`; its AgentView."""
        return dict(self._json("POST", "/agents", json={"url": url}))

    def remove_agent(self, name: str) -> None:
        """Forget an agent."""
        self._json("DELETE", f"/agents/{quote(name, safe='')}")

    def download(self, path: str, target: Path) -> bool:
        """Save what is at `path` of the gateway to `target`; False when there is no such thing."""
        with self._mapped(), self._http.stream("GET", path) as response:
            if response.status_code in (404, 409):
                return False
            if response.is_error:
                response.read()
                raise _problem(response)
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                for chunk in response.iter_bytes():
                    file.write(chunk)
        return True

    def _stream(self, analysis_id: str, after: int) -> Iterator[ProgressEvent]:
        timeout = httpx.Timeout(_SILENCE_S, connect=2.0)
        path, params = f"/analyses/{analysis_id}/events", {"after": str(after)}
        with self._mapped(), self._http.stream("GET", path, params=params, timeout=timeout) as response:
            if response.is_error:
                response.read()
                raise _problem(response)
            for line in response.iter_lines():
                if line.startswith("data:"):
                    event = json.loads(line[5:])
                    if "seq" in event:
                        yield ProgressEvent.model_validate(event)

    def _json(self, method: str, path: str, **request: Any) -> Any:
        with self._mapped():
            response = self._http.request(method, path, **request)
        if response.is_error:
            raise _problem(response)
        return response.json() if response.content else {}

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except httpx.ConnectError:
            raise UnavailableError(
                f"the mesh is not running at {self.url}; start it with `mesh up` (or name the gateway with --url)"
            ) from None
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise BadInputError(f"{self.url} is not the address of a gateway: {error}") from None
        except httpx.TimeoutException:
            raise UnavailableError(f"the gateway at {self.url} does not answer; see `mesh status`") from None
        except httpx.TransportError as error:
            raise UnavailableError(f"the connection to {self.url} broke: {error}") from None


def _named(data: str) -> str | dict[str, str]:
    return {"url": data} if data.startswith(("http://", "https://")) else data


def _form_part(data: str, stack: ExitStack) -> tuple[str, tuple[str | None, Any]]:
    """A part of a form: the file here, or what names one elsewhere."""
    if Path(data).is_file():
        return "file", (Path(data).name, stack.enter_context(Path(data).open("rb")))
    named = _named(data)
    return "data", (None, named if isinstance(named, str) else json.dumps(named))


def _problem(response: httpx.Response) -> MeshError:
    """The gateway's problem details as an error; retryable ones as UnavailableError."""
    try:
        body = response.json()
        detail = str(body.get("detail") or body.get("title"))
    except ValueError:
        detail = f"{response.request.url} answered {response.status_code} {response.reason_phrase}"
    return UnavailableError(detail) if response.status_code in (502, 503, 504) else BadInputError(detail)
