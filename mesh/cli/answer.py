"""Printing the answer: what was found, the numbers, what to be careful about, and where the rest is."""

from collections.abc import Sequence

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from mesh.analysis import Analysis
from mesh.language import Language
from mesh.results import Kpi

_FINDINGS = 10
_KPIS = 12
_LABELS = {
    "findings": {"en": "Findings", "ko": "주요 발견"},
    "kpis": {"en": "Key numbers", "ko": "핵심 수치"},
    "charts": {"en": "Charts", "ko": "차트"},
    "warnings": {"en": "Please note", "ko": "유의할 점"},
    "links": {"en": "More", "ko": "더 보기"},
    "more": {"en": "and {count} more in the report", "ko": "그 밖의 {count}건은 보고서에 있습니다"},
    "failed": {"en": "The analysis failed", "ko": "분석에 실패했습니다"},
    "cancelled": {"en": "The analysis was cancelled", "ko": "분석이 취소되었습니다"},
    "partial": {"en": "Only a part of it could be done", "ko": "일부만 완료되었습니다"},
    "report": {"en": "report", "ko": "보고서"},
    "notebook": {"en": "notebook", "ko": "노트북"},
    "archive": {"en": "all of it as ZIP", "ko": "전체 ZIP"},
    "lineage": {"en": "lineage", "ko": "데이터 계보"},
}


def print_answer(console: Console, analysis: Analysis, base_url: str | None) -> None:
    """Print an analysis that has ended. `base_url` is what its links are relative to; None leaves them out."""
    language = analysis.language
    if analysis.status != "completed":
        reason = escape(
            str((analysis.error or {}).get("detail") or (analysis.error or {}).get("message") or "")
        )
        heading = _label(analysis.status, language)
        console.print(f"[bold red]{heading}[/]{': ' if reason else ''}{reason}", highlight=False)
    if analysis.summary:
        console.print(Padding(escape(analysis.summary), (0, 0, 1, 0)), highlight=False)
    _section(console, "kpis", language, _kpi_table(_all_kpis(analysis)))
    findings = sorted(analysis.findings, key=lambda finding: -finding.importance)
    lines = [escape(finding.text) for finding in findings[:_FINDINGS]]
    if len(findings) > _FINDINGS:
        lines.append(f"[dim]{_label('more', language).format(count=len(findings) - _FINDINGS)}[/]")
    _section(console, "findings", language, _bullets(lines))
    _section(
        console,
        "charts",
        language,
        _bullets([escape(chart.title or chart.name) for chart in analysis.charts]),
    )
    _section(
        console, "warnings", language, _bullets([f"[yellow]{escape(text)}[/]" for text in analysis.warnings])
    )
    links = [] if base_url is None else _links(analysis, base_url)
    _section(
        console, "links", language, _bullets([f"{_label(name, language)}: {url}" for name, url in links])
    )


def _links(analysis: Analysis, base_url: str) -> list[tuple[str, str]]:
    has_notebook = any(output.type == "notebook" for step in analysis.steps for output in step.outputs)
    wanted = ["report", "archive", "lineage", *(["notebook"] if has_notebook else [])]
    return [(name, base_url + analysis.links[name]) for name in wanted if name in analysis.links]


def _all_kpis(analysis: Analysis) -> list[Kpi]:
    return [kpi for step in analysis.steps for kpi in step.kpis][:_KPIS]


def _kpi_table(kpis: Sequence[Kpi]) -> RenderableType | None:
    if not kpis:
        return None
    table = Table(box=None, show_header=False, pad_edge=False)
    for kpi in kpis:
        table.add_row(escape(kpi.label), f"[bold]{escape(kpi.text)}[/]", f"[dim]{escape(kpi.note)}[/]")
    return table


def _bullets(lines: Sequence[str]) -> RenderableType | None:
    if not lines:
        return None
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column()
    table.add_column(overflow="fold")
    for line in lines:
        table.add_row("-", line)
    return table


def _section(console: Console, name: str, language: Language, body: RenderableType | None) -> None:
    if body is not None:
        console.print(f"[bold]{_label(name, language)}[/]", highlight=False)
        console.print(Padding(body, (0, 0, 1, 2)), highlight=False)


def _label(name: str, language: Language) -> str:
    return _LABELS[name][language] if name in _LABELS else name
