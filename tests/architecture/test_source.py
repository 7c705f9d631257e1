"""What holds for every source file: size, names, docstrings."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("mesh", "gateway", "orchestrator", "agents", "datahub", "monitor")
MAX_LINES = 400
BANNED = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
# Assembled here, so that this file does not hold them itself.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("repo1", "maven", "org"),
        ("repo", "maven", "apache", "org"),
        ("proxy", "golang", "org"),
        ("index", "crates", "io"),
        ("conda", "anaconda", "org"),
        ("huggingface", "co"),
    )
]
WEB = {"starlette", "httpx", "a2a", "uvicorn"}


@cache
def tracked() -> list[Path]:
    """The files under version control, and those that are about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def sources() -> list[Path]:
    """The Python files of our packages."""
    return [
        path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES
    ]


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    """The top-level packages that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").partition(".")[0])
    return found


def is_pure(path: Path) -> bool:
    """Whether a module does no web: neither it nor its name says so."""
    return not imported(path) & WEB


def undocumented(path: Path) -> Iterator[str]:
    """The public functions and classes of a module without a docstring; in the kernel, which others build on, methods too."""
    module = tree(path)
    if not ast.get_docstring(module) and module.body:
        yield f"{path.relative_to(ROOT)}: the module"
    for node in module.body:
        yield from _missing(path, node, "")


def _missing(path: Path, node: ast.stmt, prefix: str) -> Iterator[str]:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith(
        "_"
    ):
        return
    if any(isinstance(item, ast.Name) and item.id == "overload" for item in node.decorator_list):
        return
    if not ast.get_docstring(node):
        yield f"{path.relative_to(ROOT)}:{node.lineno} {prefix}{node.name}"
    if isinstance(node, ast.ClassDef) and path.is_relative_to(ROOT / "mesh"):
        for child in node.body:
            yield from _missing(path, child, f"{node.name}.")


def test_no_source_file_is_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()
    }
    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}


def test_no_module_is_named_for_nothing() -> None:
    assert [path for path in sources() if BANNED & set(path.relative_to(ROOT).with_suffix("").parts)] == []


def test_the_public_parts_of_the_kernel_and_of_pure_modules_are_documented() -> None:
    documented = [
        path
        for path in sources()
        if "migrations" not in path.parts and (path.is_relative_to(ROOT / "mesh") or is_pure(path))
    ]
    assert documented
    assert [line for path in documented for line in undocumented(path)] == []


def test_no_file_names_a_package_registry() -> None:
    named = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        named += [f"{path.relative_to(ROOT)}: {host}" for host in REGISTRY_HOSTS if host in text]
    assert named == []


def test_relative_imports_stay_among_siblings() -> None:
    climbing = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.level > 1
    ]
    assert climbing == []
