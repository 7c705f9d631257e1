"""Saving an answer to a folder: report, analysis, charts, notebook."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

from mesh.analysis import Analysis
from mesh.results import FileRef, Output

from .gateway import GatewayClient

_SHOWN = re.compile(r"(?P<before>\bsrc=[\"']|!\[[^\]]*\]\()(?P<path>/(?:assets|files)/[^\"'\s)]+)")
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
    return [*saved, *_bring_along(gateway, folder)]


def _bring_along(gateway: GatewayClient, folder: Path) -> list[Path]:
    """Save what the reports show from the gateway, and point them at it: they are read when the mesh is gone."""
    saved: dict[str, Path] = {}
    for report in (folder / "report.html", folder / "report.md"):
        if not report.is_file():
            continue
        text = report.read_text(encoding="utf-8")
        for path in dict.fromkeys(match["path"] for match in _SHOWN.finditer(text)):
            target = folder / "report_files" / f"{len(saved) + 1:02d}-{file_name(path)}"
            if path in saved or gateway.download(path, target):
                saved.setdefault(path, target)
        local = {path: str(target.relative_to(folder)) for path, target in saved.items()}
        report.write_text(_pointed_at(text, local), encoding="utf-8")
    return list(saved.values())


def _pointed_at(text: str, local: dict[str, str]) -> str:
    return _SHOWN.sub(lambda match: match["before"] + local.get(match["path"], match["path"]), text)


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
