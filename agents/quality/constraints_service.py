"""Constraints as skills: those that a dataset suggests, and whether a dataset keeps given ones."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from mesh import NoParams, Output, Params, SkillContext, SkillResult, say
from mesh.errors import NeedsInputError
from mesh.language import Language
from mesh.results import Column

_MAX_RULES_BYTES = 2_000_000


class ValidationParams(Params):
    """The rules, when they do not come as an input."""

    rules: dict[str, Any] | list[Any] | str | None = Field(
        default=None,
        description="The constraints to validate against, as suggest_constraints gives them: an object, or its JSON "
        "or YAML text.",
    )


async def suggest_constraints(ctx: SkillContext, params: NoParams) -> SkillResult:
    """Constraints with their evidence, as data and as pandera program, YAML and JSON."""
    del params
    from .constraints_story import findings_of, kpis_of, summary_of, tables_of

    dataset = ctx.inputs.dataset("dataset")
    await ctx.progress(
        0.05, say(ctx.language, en="Reading {name}", ko="{name}(을/를) 읽고 있습니다", name=dataset.name)
    )
    path = await ctx.local(dataset)
    folder = ctx.workdir
    document = await ctx.compute(run_suggestion, path, dataset.columns, dataset.name, folder, ctx.language)
    files = [
        await ctx.save_file(
            folder / f"constraints.{ending}", name=f"{dataset.name}-constraints.{ending}", media_type=kind
        )
        for ending, kind in (
            ("py", "text/x-python"),
            ("yaml", "application/yaml"),
            ("json", "application/json"),
        )
    ]
    await ctx.progress(1.0, say(ctx.language, en="Rules suggested", ko="규칙을 제안했습니다"))
    title = say(ctx.language, en="Constraints of {name}", ko="{name}의 제약 조건", name=dataset.name)
    return SkillResult(
        summary=summary_of(document, ctx.language),
        outputs=[Output(name="constraints", type="constraints", title=title, data=document, files=files)],
        findings=findings_of(document, ctx.language),
        kpis=kpis_of(document, ctx.language),
        tables=tables_of(document, ctx.language),
    )


async def validate_data(ctx: SkillContext, params: ValidationParams) -> SkillResult:
    """Whether a dataset keeps the given constraints, with every violation."""
    from .validation_story import findings_of, kpis_of, summary_of, tables_of

    dataset = ctx.inputs.dataset("dataset")
    rules = await _rules(ctx, params)
    await ctx.progress(0.1, say(ctx.language, en="Checking the rules", ko="규칙을 확인하고 있습니다"))
    path, target = await ctx.local(dataset), ctx.workdir / "violations.parquet"
    data = await ctx.compute(run_validation, path, dataset.columns, rules, target, ctx.language)
    await ctx.progress(1.0, say(ctx.language, en="Checked", ko="검증을 마쳤습니다"))
    title = say(ctx.language, en="Validation of {name}", ko="{name} 검증 결과", name=dataset.name)
    files = []
    if data["listed_violations"]:
        kind = "application/vnd.apache.parquet"
        files.append(await ctx.save_file(target, name=f"{dataset.name}-violations.parquet", media_type=kind))
    return SkillResult(
        summary=summary_of(data, ctx.language),
        outputs=[
            Output(name="validation_report", type="validation_report", title=title, data=data, files=files)
        ],
        findings=findings_of(data, ctx.language),
        kpis=kpis_of(data, ctx.language),
        tables=tables_of(data, ctx.language),
    )


async def _rules(ctx: SkillContext, params: ValidationParams) -> Any:
    """The rules from the parameter, the input's data or its file.

    Raises: NeedsInputError when there are none.
    """
    if params.rules is not None:
        return params.rules
    given = ctx.inputs.output("constraints")
    if given is not None and given.data is not None:
        return given.data
    if given is not None and given.file is not None:
        path = await ctx.local(given.file)
        return path.read_bytes()[:_MAX_RULES_BYTES].decode("utf-8", errors="replace")
    raise NeedsInputError(
        say(
            ctx.language,
            en="Which rules must the data keep? Send them as the parameter rules (JSON or YAML), or ask for suggested "
            "constraints of a dataset that you trust first and then validate in the same conversation.",
            ko="어떤 규칙으로 검증할까요? rules 매개변수로 규칙(JSON 또는 YAML)을 보내거나, 먼저 믿을 수 있는 "
            "데이터의 제약 조건을 제안받은 뒤 "
            "같은 대화에서 검증을 요청해 주십시오.",
        )
    )


def run_suggestion(
    path: Path,
    columns: Sequence[Column],
    name: str,
    folder: Path,
    language: Language,
    progress: Callable[[float, str], None] | None = None,
) -> dict[str, Any]:
    """The constraints of a Parquet file as JSON; writes constraints.py, .yaml and .json into `folder`."""
    import yaml

    from .constraints import document_of
    from .constraints_code import schema_source
    from .constraints_learning import learn_constraints
    from .tables import read_table

    table = read_table(path, columns)
    if progress:
        progress(0.3, say(language, en="Looking for rules", ko="규칙을 찾고 있습니다"))
    constraints = learn_constraints(table, language)
    document = document_of(name, table.rows, constraints)
    source = schema_source(name, table.rows, constraints, language, f"{name}-constraints.py")
    (folder / "constraints.py").write_text(source, encoding="utf-8")
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120)
    (folder / "constraints.yaml").write_text(text, encoding="utf-8")
    (folder / "constraints.json").write_text(
        json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    return document


def run_validation(
    path: Path, columns: Sequence[Column], rules: Any, target: Path, language: Language
) -> dict[str, Any]:
    """The validation report of a Parquet file as JSON; writes the violations to `target` as Parquet.

    Raises: BadInputError when the rules cannot be read.
    """
    from .constraints import constraints_from
    from .tables import read_table
    from .validation_report import report_of, validate, write_violations

    constraints = constraints_from(read_rules(rules, language), language)
    table = read_table(path, columns)
    verdicts = validate(table, constraints)
    return {
        **report_of(table, verdicts, language),
        "listed_violations": write_violations(table, verdicts, target),
    }


def read_rules(rules: Any, language: Language) -> Any:
    """The rules as data; a text is read as YAML, of which JSON is a part.

    Raises: BadInputError when the text is neither.
    """
    import yaml

    from mesh.errors import BadInputError

    if not isinstance(rules, str):
        return rules
    try:
        return yaml.safe_load(rules)
    except yaml.YAMLError as error:
        raise BadInputError(
            say(
                language,
                en="The rules are neither JSON nor YAML: {error}.",
                ko="규칙을 JSON이나 YAML로 읽을 수 없습니다: {error}",
                error=" ".join(str(error).split())[:200],
            )
        ) from None
