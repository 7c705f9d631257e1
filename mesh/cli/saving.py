"""Saving an answer to a folder: report, analysis, charts, notebook."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

from mesh.analysis import Analysis
from mesh.results import FileRef, Output

from .gateway import GatewayClient

_UNSAFE = re.compile(r"[^\w.\-()\[\] ]+")


def save_answer(gateway: GatewayClient, analysis: Analysis, folder: Path) -> list[Path]:
    """Save report.html, report.md, analysis.json, charts/*.png and, if there is one, notebook.ipynb; what was saved."""
    folder.mkdir(parents=True, exist_ok=True)
    saved = [folder / "analysis.json"]
    raw = gateway.raw_analysis(analysis.id)
    saved[0].write_text(json.dumps(raw, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    report = f"/analyses/{analysis.id}/report"
    wanted = [(report, folder / "report.html"), (f"{report}?format=md", folder / "report.md")]
    wanted += [(image.uri, target) for image, target in _charts(analysis.charts, folder / "charts")]
    if any(output.type == "notebook" for step in analysis.steps for output in step.outputs):
        wanted.append((f"{report}?format=ipynb", folder / "notebook.ipynb"))
    saved += [target for path, target in wanted if gateway.download(path, target)]
    return saved


def _charts(charts: list[Output], folder: Path) -> list[tuple[FileRef, Path]]:
    return [
        (image, folder / f"{number:02d}-{file_name(image.name)}")
        for number, chart in enumerate(charts, 1)
        for image in [*([chart.file] if chart.file else []), *chart.files]
        if image.media_type == "image/png"
    ]


def file_name(name: str) -> str:
    """A name from elsewhere as one harmless file name."""
    last = unquote(name).replace("\\", "/").rsplit("/", 1)[-1]
    return _UNSAFE.sub("_", last).lstrip(".")[:120] or "file"
