"""An analysis as the result of an A2A skill: a summary, the analysis as data, files by address."""

import json
from typing import Any

from mesh.analysis import Analysis
from mesh.results import MAX_DATA_BYTES, FileRef, Output, SkillResult

from .presentation import file_path, links_of, presented

_HEAVY = ("steps", "plan", "datasets", "findings")


def as_result(analysis: Analysis, base_url: str) -> SkillResult:
    """What an A2A client gets: every file at the gateway's address, the data within the size of a message.

    Args: `base_url` is the gateway's address with a trailing slash.
    """
    base = base_url.rstrip("/")
    charts = [_chart(chart, base) for chart in analysis.charts]
    model = [_addressed(analysis.model, base)] if analysis.model and analysis.model.file else []
    return SkillResult(
        summary=analysis.summary or analysis.query,
        outputs=[
            Output(name="analysis", type="analysis", title=analysis.query, data=_data(analysis, base)),
            *charts,
            *model,
            Output(name="report", type="report", title=analysis.query, files=_reports(analysis, base)),
        ],
        findings=analysis.findings,
        warnings=analysis.warnings,
    )


def _data(analysis: Analysis, base: str) -> dict[str, Any]:
    """The analysis without the charts' drawings, and without its heaviest members while it is too large."""
    body = presented(analysis)
    body["links"] = {
        name: base + path if path.startswith("/") else path for name, path in body["links"].items()
    }
    for chart in body["charts"]:
        chart["data"] = _without_drawing(chart.get("data") or {})
    for step in body["steps"]:
        step["outputs"] = [{**output, "data": None} for output in step["outputs"]]
    for member in _HEAVY:
        if len(json.dumps(body, ensure_ascii=False).encode()) <= MAX_DATA_BYTES // 2:
            break
        body[member] = None if member == "plan" else []
    return body


def _chart(chart: Output, base: str) -> Output:
    return _addressed(chart.model_copy(update={"data": _without_drawing(chart.data or {})}), base)


def _without_drawing(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != "plotly"}


def _addressed(output: Output, base: str) -> Output:
    file = _file(output.file, base) if output.file else None
    return output.model_copy(update={"file": file, "files": [_file(ref, base) for ref in output.files]})


def _file(ref: FileRef, base: str) -> FileRef:
    path = file_path(ref.uri, ref.name)
    return ref.model_copy(update={"uri": base + path if path.startswith("/") else path})


def _reports(analysis: Analysis, base: str) -> list[FileRef]:
    path = base + links_of(analysis.id)["report"]
    return [
        FileRef(name=f"{analysis.id}.html", media_type="text/html", uri=path),
        FileRef(name=f"{analysis.id}.md", media_type="text/markdown", uri=f"{path}?format=md"),
        FileRef(
            name=f"{analysis.id}.ipynb", media_type="application/x-ipynb+json", uri=f"{path}?format=ipynb"
        ),
    ]
