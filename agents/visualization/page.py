"""A chart as an HTML page: the figure, drawn by the mesh's own plotly.js, the same as a picture where that is out of
reach (a saved file), and the table behind it."""

import base64
import json
from html import escape
from pathlib import Path
from typing import Any

from mesh.language import Language
from mesh.tabular.figures import figure

from .panel_layout import panel_places
from .spec import Chart, Grid

PLOTLY_URL = "/assets/plotly.min.js"
MAX_PICTURE_BYTES = 250_000
"""A larger picture is left out, so that a page stays small; the table is always there."""

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{
  margin: 0 auto; padding: 20px; max-width: 1100px; color: #1F2933; background: #FFF; line-height: 1.5;
  font-family: Pretendard, 'Noto Sans KR', NanumGothic, 'Apple SD Gothic Neo', Inter, system-ui, sans-serif;
}}
h1 {{ font-size: 20px; line-height: 1.35; margin: 0 0 4px; overflow-wrap: anywhere; }}
p {{ color: #5F6C7B; margin: 4px 0; font-size: 14px; overflow-wrap: anywhere; }}
.warning {{ border-left: 3px solid #E69F00; padding: 4px 12px; margin: 12px 0; color: #3E4C59; }}
.plot {{ overflow-x: auto; }}
#chart {{ width: 100%; min-width: {width}px; height: {height}px; }}
#picture {{ display: block; width: 100%; height: auto; }}
details {{ margin-top: 12px; }}
summary {{ cursor: pointer; padding: 8px 0; font-weight: 600; }}
.table {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }}
th, td {{ padding: 4px 12px; border-bottom: 1px solid #E4E8EC; text-align: right; white-space: nowrap; }}
th:first-child, td:first-child {{ text-align: left; }}
[hidden] {{ display: none !important; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{subtitle}</p>
{warning}
<div class="plot"><div id="chart" role="img" aria-label="{alt}" hidden></div></div>
{picture}
<details id="data" open>
<summary>{table_title}</summary>
<div class="table">{table}</div>
</details>
</main>
<script type="application/json" id="figure">{figure}</script>
<script>
function drawChart() {{
  const figure = JSON.parse(document.getElementById("figure").textContent);
  delete figure.layout.title;
  const margin = figure.layout.margin;
  Object.assign(margin, {{ t: figure.layout.showlegend ? 64 : 28, l: 48, r: margin.r > 100 ? 110 : 16 }});
  const chart = document.getElementById("chart"), picture = document.getElementById("picture");
  chart.hidden = false;
  if (picture) picture.hidden = true;
  document.getElementById("data").open = false;
  const narrow = window.innerWidth < 640;
  if (narrow && figure.layout.showlegend) {{
    Object.assign(figure.layout.legend, {{ yref: "container", y: 0, yanchor: "bottom" }});
    margin.t = 28;
  }}
  Plotly.newPlot(chart, figure.data, figure.layout, {{ responsive: true, displaylogo: false, displayModeBar: !narrow }});
}}
</script>
<script src="{plotly}" onload="drawChart()"></script>
</body>
</html>
"""


def html_page(chart: Chart, plotly: dict[str, Any], language: Language, png: Path) -> str:
    """The page; everything that comes from data is escaped, and the figure cannot end its script element."""
    data = json.dumps(plotly, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    rows = max(1, sum(place.leftmost for place in panel_places(chart)) if chart.panels else 1)
    categories = len(chart.y.order) if chart.horizontal else 0
    return _PAGE.format(
        language=language,
        title=escape(chart.title),
        subtitle=escape(chart.subtitle),
        plotly=PLOTLY_URL,
        alt=escape(chart.alt),
        warning=f'<p class="warning">{escape(chart.warning)}</p>' if chart.warning else "",
        picture=_picture(chart, png),
        table_title="그래프의 데이터" if language == "ko" else "The data behind the chart",
        table=_table(chart.grid),
        figure=data,
        width=640 if chart.panels and rows < len(chart.panels) else 300,
        height=max(440, 220 * rows if chart.panels else 0, 80 + 30 * categories),
    )


def _picture(chart: Chart, png: Path) -> str:
    content = png.read_bytes()
    if len(content) > MAX_PICTURE_BYTES:
        return ""
    source = base64.b64encode(content).decode()
    return f'<img id="picture" alt="{escape(chart.alt)}" src="data:image/png;base64,{source}">'


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
