"""The data hub and the storage service as the gateway sees them."""

from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
from pydantic import ValidationError

from gateway.models import Lineage
from mesh.errors import UnavailableError

from .orchestrator import SkillClient
from .patience import WINDOW_S, patiently
from .upstream import Upstream

_PASSED_ON = ("range", "if-none-match", "if-range", "if-modified-since")


class HubClient:
    """Reads lineage."""

    def __init__(self, skills: SkillClient, *, window_s: float = WINDOW_S) -> None:
        self._skills = skills
        self._window_s = window_s

    async def lineage(self, analysis_id: str) -> Lineage:
        """What the analysis made from what. Raises: UnavailableError when the hub does not answer."""
        params: dict[str, Any] = {"analysis_id": analysis_id}
        reply = await patiently(
            lambda: self._skills.ask("get_lineage", params, timeout_s=10.0), window_s=self._window_s
        )
        try:
            return Lineage.model_validate(reply)
        except ValidationError as error:
            raise UnavailableError(
                f"The data hub answered something that is not a lineage: {error}."
            ) from error


class ObjectReader:
    """Reads stored objects as streams."""

    def __init__(self, storage: Upstream) -> None:
        self._storage = storage

    def open(
        self, sha256: str, method: str, headers: dict[str, str]
    ) -> AbstractAsyncContextManager[httpx.Response]:
        """The object's response, whole, a range of it (206), 304 or 416. Raises: NotFoundError for an unknown object."""
        passed = {name: headers[name] for name in _PASSED_ON if name in headers}
        return self._storage.stream(f"/objects/{sha256}", method=method, headers=passed)
