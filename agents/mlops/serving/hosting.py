"""Serving inside a running agent: its endpoints are taken up where they were left, and end with it."""

from pathlib import Path

import anyio
import httpx
from anyio.abc import TaskStatus

from mesh.compute import ComputeClient
from mesh.settings import MeshSettings
from mesh.storage import StorageClient

from .alerting import AlertSender
from .endpoint import EndpointFolders
from .service import ServingService
from .skills import ServingSkills
from .supervision import Scorer
from .versions import Versions
from .watching import ServingWatch

ALERT_MANAGER = "alerts"


async def host_serving(
    root: Path,
    settings: MeshSettings,
    registry: Versions,
    compute: ComputeClient,
    *,
    task_status: TaskStatus[ServingSkills],
) -> None:
    """Serves and watches the endpoints below `root` until it is cancelled. It starts with the skills of the agent."""
    async with httpx.AsyncClient(trust_env=False) as http, anyio.create_task_group() as tasks:
        service = ServingService(
            EndpointFolders(root),
            registry,
            scorer=lambda folder: Scorer(folder, settings.home, http),
            compute=compute,
            storage=StorageClient(settings, http),
            tasks=tasks,
        )
        watch = ServingWatch(service, AlertSender(http, settings.url_of(ALERT_MANAGER)))
        service.start()
        task_status.started(ServingSkills(service, watch))
        await watch.run()
