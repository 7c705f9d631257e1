"""`mesh demo`: the whole way from nothing to a report, on the bundled sales data."""

import sys
from pathlib import Path

from mesh.errors import NotFoundError
from mesh.settings import MeshSettings, bundled, load_settings
from mesh.supervisor.lock import holder_of

from .analyze import ask, show
from .gateway import GatewayClient, gateway_url
from .lifecycle import BackgroundMesh, settings_with_free_ports
from .saving import file_name, save_answer

QUESTION = "매출 데이터를 분석하고 예측 모델을 만들어주세요"
DATA = "sales_data.csv"


def demo(out: Path | None) -> int:
    """Start a mesh (or use the one that runs on MESH_HOME), ask, save the report; 0 when it was answered.

    `out` is where the report goes; None is MESH_HOME/reports/ANALYSIS.
    """
    settings = load_settings()
    if holder_of(settings.home) is not None:
        _say(f"A mesh is running on {settings.home}; asking that one.")
        return _ask(settings, out, stays=True)
    asked_for = settings.port_offset
    settings = settings_with_free_ports(settings)
    if settings.port_offset != asked_for:
        _say(f"The default ports are in use; starting with MESH_PORT_OFFSET={settings.port_offset}.")
    _say("Starting the mesh …")
    with BackgroundMesh(settings):
        code = _ask(settings, out, stays=False)
    _say("The mesh has stopped. `make up` (or `mesh up`) starts it again.")
    return code


def _ask(settings: MeshSettings, out: Path | None, *, stays: bool) -> int:
    data = bundled("examples") / DATA
    if not data.is_file():
        raise NotFoundError(f"the bundled example {data} is missing; install the mesh again")
    _say(f'mesh analyze "{QUESTION}" --data {DATA}')
    with GatewayClient(gateway_url(settings, None)) as gateway:
        analysis = ask(gateway, QUESTION, [str(data)], quiet=False)
        show(analysis, gateway.url if stays else None)
        folder = out or settings.home / "reports" / file_name(analysis.id)
        save_answer(gateway, analysis, folder)
    print(f"Report: {(folder / 'report.html').resolve()}", flush=True)
    return 0 if analysis.status == "completed" else 1


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
