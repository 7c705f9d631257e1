"""The READMEs: their code parses, their tables are complete, their links lead somewhere, and both languages say the same."""

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest
import typer.main

from mesh.cli.app import app
from mesh.settings import MeshSettings

ROOT = Path(__file__).resolve().parents[2]
ENGLISH, KOREAN = ROOT / "README.md", ROOT / "README.ko.md"
READMES = (ENGLISH, KOREAN)
PAGES = (*READMES, *sorted((ROOT / "docs").rglob("*.md")), ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of one language, in order."""
    return [body for kind, body in FENCE.findall(page.read_text(encoding="utf-8")) if kind == language]


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def first_cells(page: Path, heading_number: int) -> list[str]:
    """The first cells of the table in a section, which is counted from 1."""
    section = re.split(r"^## .*$", prose(page), flags=re.MULTILINE)[heading_number]
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    return [row.split("|")[1].strip().strip("`") for row in rows[1:]]


def heading_numbers(page: Path) -> dict[str, int]:
    """Section numbers by heading, from 1."""
    headings = re.findall(r"^## (.*)$", prose(page), flags=re.MULTILINE)
    return {heading: number for number, heading in enumerate(headings, 1)}


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_code_blocks_parse(page: Path) -> None:
    for block in blocks(page, "bash"):
        checked = subprocess.run(["bash", "-n"], input=block, text=True, capture_output=True, check=False)
        assert checked.returncode == 0, checked.stderr
    for block in blocks(page, "python"):
        ast.parse(block)
    for block in blocks(page, "json"):
        json.loads(block)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(prose(page)):
        if re.match(r"\w+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{page.name} links to {target}"
        if anchor:
            assert anchor in anchors(found), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_every_setting_is_in_the_table(page: Path) -> None:
    documented = [cell for cell in first_cells(page, 7) if cell]
    expected = [
        name.upper() if name.startswith("openai_") else f"MESH_{name.upper()}"
        for name in MeshSettings.model_fields
    ]
    assert documented == expected


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_every_command_is_in_the_table(page: Path) -> None:
    documented = {
        " ".join(re.findall(r"^mesh ((?:agents |connections )?\w+)", cell)) for cell in first_cells(page, 6)
    }
    group = typer.main.get_command(app)
    commands = set(group.commands)  # type: ignore[attr-defined]
    groups = ("agents", "connections")
    within = {f"{name} {sub}" for name in groups for sub in group.commands[name].commands}  # type: ignore[attr-defined]
    assert documented == (commands - set(groups)) | within


def test_both_languages_have_the_same_sections() -> None:
    assert len(heading_numbers(ENGLISH)) == len(heading_numbers(KOREAN))
    for number in range(1, len(heading_numbers(ENGLISH)) + 1):
        english, korean = (re.split(r"^## .*$", prose(page), flags=re.MULTILINE)[number] for page in READMES)
        assert english.count("\n- ") == korean.count("\n- "), f"section {number}"
        assert len(first_cells(ENGLISH, number)) == len(first_cells(KOREAN, number)), f"section {number}"


@pytest.mark.parametrize("language", ["bash", "python", "json", "text"])
def test_both_languages_show_the_same_code(language: str) -> None:
    assert blocks(ENGLISH, language) == blocks(KOREAN, language)


def test_both_languages_link_to_the_same_places() -> None:
    english, korean = (
        {target for target in LINK.findall(prose(page)) if not target.startswith("README")}
        for page in READMES
    )
    assert english == korean
