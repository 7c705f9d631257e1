"""The use case of the dashboard: a Parquet file and a question in; one page and a description of it out.

Runs in the compute process: nothing heavy is imported before it is called.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mesh.language import say

from .service import Order, check_rows


@dataclass(frozen=True)
class BuiltPage:
    """The page on disk, and what is on it as plain JSON."""

    path: Path
    data: dict[str, Any]


def build_dashboard(order: Order, progress: Callable[[float, str], None] | None = None) -> BuiltPage:
    """Writes the dashboard that `order.goal` asks for into `order.folder`.

    Raises: BadInputError when there is nothing to compare by, or no row passes what the question limits it to.
    """
    from mesh.tabular.focus import choose_focus

    from .dashboard import plan_dashboard
    from .dashboard_page import dashboard_page
    from .request_reading import read_request
    from .scene import Scene
    from .table import read_table

    tell = progress or (lambda _fraction, _message: None)
    tell(0.05, say(order.language, en="Reading the dataset", ko="데이터를 읽는 중"))
    table = read_table(order.path, order.columns)
    scene = Scene(
        whole=table,
        focus=choose_focus(table.outline(), order.goal),
        request=read_request(table, order.goal),
        language=order.language,
        name=order.source,
        inputs=dict(order.inputs),
    )
    check_rows(scene)
    tell(0.3, say(order.language, en="Adding up the cells", ko="칸별로 더하는 중"))
    board = plan_dashboard(scene, order.goal)
    tell(0.8, say(order.language, en="Writing the page", ko="페이지를 쓰는 중"))
    path = order.folder / "dashboard.html"
    path.write_text(dashboard_page(board), encoding="utf-8")
    return BuiltPage(path, board.described())
