"""Every setting is in the tables that people read."""

import re
from pathlib import Path

from mesh.settings import MeshSettings

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "docs/operations.md")
# Read from the provider's own variables, under the provider's names.
FOREIGN = {"openai_api_key": "OPENAI_API_KEY", "openai_base_url": "OPENAI_BASE_URL"}


def documented() -> set[str]:
    """The variables that stand, in code type, in a row of a table."""
    rows = [
        line
        for page in PAGES
        if (ROOT / page).is_file()
        for line in (ROOT / page).read_text(encoding="utf-8").splitlines()
        if line.lstrip().startswith("|")
    ]
    return {name for row in rows for name in re.findall(r"`((?:MESH|OPENAI)_[A-Z0-9_]+)", row)}


def variables() -> set[str]:
    """The variables that the settings are read from."""
    return {FOREIGN.get(field, f"MESH_{field.upper()}") for field in MeshSettings.model_fields}


def test_every_setting_is_documented() -> None:
    missing = sorted(variables() - documented())
    assert missing == [], f"not in a table of {' or '.join(PAGES)}: {', '.join(missing)}"


def test_every_documented_variable_exists() -> None:
    assert sorted(name for name in documented() - variables() if name.startswith("MESH_")) == []


def test_every_setting_says_what_it_is_for() -> None:
    silent = [
        name
        for name, field in MeshSettings.model_fields.items()
        if not field.description and name not in FOREIGN and name not in ("log_level", "log_format")
    ]
    assert silent == []
