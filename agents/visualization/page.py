"""A chart as an HTML page: the figure, drawn by the mesh's own plotly.js, and the table behind it."""

import json
from html import escape
from typing import Any

from mesh.language import Language
from mesh.tabular.figures import figure

from .spec import Chart, Grid

PLOTLY_URL = "/assets/plotly.min.js"

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<script src="{plotly}"></script>
<style>
body {{
  margin: 0; padding: 16px; color: #1F2933;
  font-family: Pretendard, 'Noto Sans KR', NanumGothic, system-ui, sans-serif;
}}
#chart {{ width: 100%; height: min(70vh, 620px); min-height: 360px; }}
p {{ color: #5F6C7B; margin: 8px 0; }}
table {{ border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }}
th, td {{ padding: 4px 12px; border-bottom: 1px solid #E4E8EC; text-align: right; }}
th:first-child, td:first-child {{ text-align: left; }}
</style>
</head>
<body>
<div id="chart" role="img" aria-label="{alt}"></div>
{warning}
<details>
<summary>{table_title}</summary>
{table}
</details>
<script type="application/json" id="figure">{figure}</script>
<script>
const figure = JSON.parse(document.getElementById("figure").textContent);
const config = {{ responsive: true, displaylogo: false }};
if (window.Plotly) Plotly.newPlot("chart", figure.data, figure.layout, config);
</script>
</body>
</html>
"""


def html_page(chart: Chart, plotly: dict[str, Any], language: Language) -> str:
    """The page; everything that comes from data is escaped, and the figure cannot end its script element."""
    data = json.dumps(plotly, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    warning = f"<p>{escape(chart.warning)}</p>" if chart.warning else ""
    return _PAGE.format(
        language=language,
        title=escape(chart.title),
        plotly=PLOTLY_URL,
        alt=escape(chart.alt),
        warning=warning,
        table_title="그래프의 데이터" if language == "ko" else "The data behind the chart",
        table=_table(chart.grid),
        figure=data,
    )


def _table(grid: Grid) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in grid.columns)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in grid.rows
    )
    note = f"<p>{escape(grid.note)}</p>" if grid.note else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>{note}"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return figure(float(value)) if isinstance(value, int | float) else escape(str(value))
