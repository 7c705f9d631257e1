"""What starting a service imports: what only computations need stays out of the services' memory."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
HEAVY = {
    "duckdb",
    "h2o",
    "matplotlib",
    "mlflow",
    "numpy",
    "openai",
    "pandas",
    "plotly",
    "pyarrow",
    "scipy",
    "sklearn",
    "statsmodels",
}


def test_no_agent_imports_at_its_start_what_its_computations_need() -> None:
    agents = sorted(path.parent.name for path in (REPOSITORY / "agents").glob("*/executor.py"))
    modules = ", ".join(f"agents.{name}.executor" for name in agents)
    code = f"import sys, {modules}; print(*sorted({HEAVY!r} & set(sys.modules)))"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert len(agents) == 9
    assert said.stdout.split() == []
