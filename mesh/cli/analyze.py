"""`mesh analyze`: order, watch, print, save."""

import json
from collections.abc import Sequence
from pathlib import Path

from mesh.analysis import Analysis
from mesh.errors import MeshError
from mesh.settings import load_settings

from .gateway import GatewayClient, gateway_url
from .progress import display_for, watch
from .saving import save_answer

_EXIT = {"completed": 0, "partial": 0}


def analyze(question: str, data: Sequence[str], *, as_json: bool, out: Path | None, url: str | None) -> int:
    """Ask, show progress, print the answer; 0 when there is one, 1 when the analysis failed or was cancelled."""
    with GatewayClient(gateway_url(load_settings(), url)) as gateway:
        analysis = ask(gateway, question, data, quiet=as_json)
        if as_json:
            print(json.dumps(gateway.raw_analysis(analysis.id), ensure_ascii=False, indent=2))
        else:
            show(analysis, gateway.url)
        if out is not None:
            saved = save_answer(gateway, analysis, out)
            if not as_json:
                print(f"{len(saved)} files saved in {out.resolve()}")
    return _EXIT.get(analysis.status, 1)


def ask(gateway: GatewayClient, question: str, data: Sequence[str], *, quiet: bool) -> Analysis:
    """Run one analysis to its end, showing its progress. Ctrl-C cancels it in the mesh as well."""
    analysis_id = gateway.submit(question, data)
    try:
        return watch(gateway, analysis_id, display_for(quiet=quiet))
    except KeyboardInterrupt:
        try:
            gateway.cancel(analysis_id)
        except MeshError as error:
            raise MeshError(
                f"interrupted, but {analysis_id} could not be cancelled: {error.message}"
            ) from None
        raise


def show(analysis: Analysis, base_url: str | None) -> None:
    """Print the answer on standard output, with links unless `base_url` is None."""
    from rich.console import Console

    from .answer import print_answer

    print_answer(Console(), analysis, base_url)
