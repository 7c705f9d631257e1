"""Writes a query as pandas code that gives the same rows as its SQL."""

from collections.abc import Callable
from dataclasses import replace

from .catalog import ColumnInfo
from .pandas_expressions import (
    PLACES,
    all_of,
    column_code,
    compare_code,
    condition_code,
    figure_code,
    key_code,
    label_of,
)
from .query import Average, Query


def write_pandas(query: Query, file_name: str) -> str:
    """Python source whose `result` is a data frame with the columns and rows of the query's SQL, in the same order.

    `file_name` is the Parquet file that the code reads.
    """
    lines = ["import pandas as pd", "", f"data = pd.read_parquet({file_name!r})", *_prepared(query)]
    against = [f for f in query.filters if any(isinstance(v, Average) for v in f.values)]
    conditions = [condition_code(f) for f in query.filters if f not in against]
    conditions += [" | ".join(f"({condition_code(f)})" for f in some) for some in query.alternatives]
    if query.superlative or query.having or query.kind in {"mean_of_groups", "change"}:
        conditions += [f"{column_code(k.column)}.notna()" for k in query.keys]
    conditions += [condition_code(f) for f in against]
    lines += [f"data = data[{condition}]" for condition in dict.fromkeys(conditions)]
    return "\n".join([*lines, *_body(query), "print(result)", ""])


def _body(query: Query) -> list[str]:
    if query.kind == "span":
        column = column_code(query.measures[0].column) if query.measures[0].column else ""
        return [f'result = pd.DataFrame([{{"first": {column}.min(), "last": {column}.max()}}])']
    if query.kind == "list":
        return _list(query)
    if query.kind == "difference":
        return _difference(query)
    if query.kind == "change" and not query.keys:
        before, after = (
            figure_code(query.measures[0], f"data[{condition_code(side)}]") for side in query.compared
        )
        return [
            f"before, after = {before}, {after}",
            'result = pd.DataFrame([{"before": before, "after": after, "growth": after / before - 1 if before else None}])',
        ]
    if not query.keys:
        return _plain(query)
    keys = [f"{key_code(k)}.rename({k.alias!r})" for k in query.keys]
    lines = [f"keys = [{', '.join(keys)}]", "groups = data.groupby(keys, dropna=False)"]
    return lines + _GROUPED.get(query.kind, _values)(query)


def _plain(query: Query) -> list[str]:
    """One row of figures."""
    if query.kind == "share":
        measure = query.measures[0]
        part = figure_code(measure, f"data[{all_of(query.part)}]")
        return [
            f"part, total = {part}, {figure_code(measure, 'data')}",
            'result = pd.DataFrame([{"part": part, "total": total, "share": part / total if total else None}])',
        ]
    figures = ", ".join(f"{m.alias!r}: {figure_code(m, 'data')}" for m in query.measures)
    return [f"result = pd.DataFrame([{{{figures}}}])"]


def _difference(query: Query) -> list[str]:
    """One figure of two groups or periods, and the first less the second."""
    one, other = (figure_code(query.measures[0], f"data[{condition_code(side)}]") for side in query.compared)
    return [
        f"one, other = {one}, {other}",
        'result = pd.DataFrame([{"one": one, "other": other, "difference": one - other}])',
    ]


def _values(query: Query) -> list[str]:
    """Figures by group, ranked as the question asks."""
    figures = ", ".join(f"{m.alias!r}: {figure_code(m, 'groups')}" for m in query.measures)
    lines = [f"result = pd.DataFrame({{{figures}}})", *_having(query), "result = result.reset_index()"]
    if not query.per_group:
        return [*lines, *_ordered(query, query.measures[0].alias)]
    whole = [k.alias for k in query.keys[: query.per_group]]
    figure, ascending = query.measures[0].alias, query.order == "asc"
    names = [*whole, figure, *(k.alias for k in query.keys[query.per_group :])]
    directions = [ascending if name == figure else True for name in names]
    return [
        *lines,
        f'place = result.groupby({whole!r})[{figure!r}].rank(method="min", ascending={ascending})',
        f"result = result[place <= {query.limit or 1}].sort_values({names!r}, ascending={directions!r})",
    ]


def _shares(query: Query) -> list[str]:
    measure = query.measures[0]
    if query.part:
        chosen = all_of(query.part)
        some = f"data[{chosen}].groupby([key[{chosen}] for key in keys], dropna=False)"
        empty = ", fill_value=0" if measure.function in {"count", "count_distinct"} else ""
        return [
            f'result = pd.DataFrame({{"total": {figure_code(measure, "groups")}}})',
            f'result.insert(0, "part", {figure_code(measure, some)}.reindex(result.index{empty}))',
            'result["share"] = result["part"] / result["total"].where(result["total"] != 0)',
            *_having(query),
            "result = result.reset_index()",
            *_ordered(query, "share"),
        ]
    whole = [k.alias for k in query.keys[: query.per_group]]
    total = (
        f'result.groupby({whole!r})[{measure.alias!r}].transform("sum")'
        if whole
        else f"result[{measure.alias!r}].sum()"
    )
    return [
        f"result = pd.DataFrame({{{measure.alias!r}: {figure_code(measure, 'groups')}}}).reset_index()",
        f'result["share"] = result[{measure.alias!r}] / {total}',
        *_ordered(query, "share"),
    ]


def _growth(query: Query) -> list[str]:
    key = query.keys[0]
    lines = [f'result = pd.DataFrame({{"value": {figure_code(query.measures[0], "groups")}}})']
    if query.lag is None or key.grain is None:
        lines += ["result = result.sort_index().reset_index()", 'earlier = result["value"].shift(1)']
    else:
        place = PLACES[key.grain].format(column_code(key.column))
        lines += [
            f'result["place"] = ({place}).groupby(keys, dropna=False).min()',
            "result = result.sort_index().reset_index()",
            f'earlier = (result["place"] - {query.lag}).map(result.set_index("place")["value"])',
            'result = result.drop(columns="place")',
        ]
    lines.append('result["growth"] = result["value"] / earlier.where(earlier != 0) - 1')
    if query.since is not None:
        first = label_of(key, query.since)
        lines.append(f"result = result[result[{key.alias!r}] >= {first!r}]")
    if query.order:
        lines.append(
            f'result = result.sort_values(["growth", {key.alias!r}], ascending=[{query.order == "asc"}, True])'
        )
        lines += [f"result = result.head({query.limit})"] if query.limit else []
    return lines


def _change(query: Query) -> list[str]:
    before, after = (replace(query.measures[0], where=(period,)) for period in query.compared)
    return [
        f'result = pd.DataFrame({{"before": {figure_code(before, "groups")}, "after": {figure_code(after, "groups")}}})',
        'result["growth"] = result["after"] / result["before"].where(result["before"] != 0) - 1',
        *(
            [f'result = result[result["after"] {">" if query.only == "up" else "<"} result["before"]]']
            if query.only
            else []
        ),
        "result = result.reset_index()",
        *_ordered(query, "growth"),
    ]


def _running(query: Query) -> list[str]:
    *within, period = [k.alias for k in query.keys]
    values = f'result.groupby({within!r})["value"]' if within else 'result["value"]'
    name = "running_total" if query.window is None else "moving_average"
    figure = f"{values}.cumsum()"
    if query.window is not None:
        rolling = f"rolling({query.window}, min_periods=1).mean()"
        figure = f"{values}.transform(lambda some: some.{rolling})" if within else f"{values}.{rolling}"
    return [
        f'result = pd.DataFrame({{"value": {figure_code(query.measures[0], "groups")}}}).reset_index()',
        f"result = result.sort_values({[*within, period]!r})",
        f"result[{name!r}] = {figure}",
    ]


def _mean_of_groups(query: Query) -> list[str]:
    name = "average_" + query.measures[0].alias
    return [
        f"figures = {figure_code(query.measures[0], 'groups')}",
        f'result = pd.DataFrame([{{{name!r}: figures.mean(), "group_count": len(figures)}}])',
    ]


def _group_count(query: Query) -> list[str]:
    return [
        'result = pd.DataFrame({"rows": groups.size()})',
        *_having(query),
        'result = pd.DataFrame([{"group_count": len(result)}])',
    ]


def _list(query: Query) -> list[str]:
    if query.having:
        key = query.keys[0]
        return [
            f"keys = [{key_code(key)}.rename({key.alias!r})]",
            "groups = data.groupby(keys, dropna=False)",
            'result = pd.DataFrame({"rows": groups.size()})',
            *_having(query),
            f"result = result.reset_index()[[{key.alias!r}]]",
        ]
    names = [c.name for c in query.listed]
    pairs = ", ".join(f"{c.name!r}: {column_code(c)}" for c in query.listed)
    return [f"result = pd.DataFrame({{{pairs}}}).drop_duplicates().sort_values({names!r})"]


def _having(query: Query) -> list[str]:
    conditions = [compare_code(f"({figure_code(h.measure, 'groups')})", h.op, h.values) for h in query.having]
    return [f"result = result[{' & '.join(f'({c})' for c in conditions)}]"] if conditions else []


def _ordered(query: Query, figure: str) -> list[str]:
    """Rows in the order of the SQL: by time, or by the figure with equal ones by name; then as many as are asked for."""
    keys = [k.alias for k in query.keys]
    if query.end:
        return [f"result = result.sort_values({keys!r}).{'tail' if query.end == 'last' else 'head'}(1)"]
    if query.order is None and any(k.grain or k.column.temporal for k in query.keys):
        return [f"result = result.sort_values({keys!r})"]
    names = [*keys[: query.per_group], figure, *keys[query.per_group :]]
    directions = [query.order == "asc" if name == figure else True for name in names]
    lines = [f"result = result.sort_values({names!r}, ascending={directions!r})"]
    if query.limit:
        lines.append(f"result = result.iloc[{query.skipped}:{query.skipped + query.limit}]")
    return lines


def _prepared(query: Query) -> list[str]:
    """Dates as time stamps, columns that are not stored, and one spelling for each value."""
    lines = []
    for column in {c.name: c for c in _used(query)}.values():
        name = column_code(column)
        if column.days is not None:
            first, last = (f"pd.to_datetime(data[{end!r}]).dt.normalize()" for end in column.days)
            lines.append(f"{name} = ({last} - {first}).dt.days")
        elif column.type == "date":
            lines.append(f"{name} = pd.to_datetime({name})")
        elif column.spellings:
            names = {s: shown for shown, spelled in column.spellings for s in spelled if s != shown}
            lines.append(f"{name} = {name}.replace({names!r})")
    return lines


def _used(query: Query) -> list[ColumnInfo]:
    measures = [*query.measures, *(h.measure for h in query.having)]
    measures += [m.over for m in measures if m.over is not None]
    filters = [
        *query.filters,
        *query.part,
        *query.compared,
        *(f for some in query.alternatives for f in some),
    ]
    filters += [f for m in measures for f in m.where]
    columns = [c for m in measures for c in (m.column, m.other) if c is not None]
    return [*(k.column for k in query.keys), *(f.column for f in filters), *columns]


_GROUPED: dict[str, Callable[[Query], list[str]]] = {
    "share": _shares,
    "growth": _growth,
    "change": _change,
    "running": _running,
    "mean_of_groups": _mean_of_groups,
    "group_count": _group_count,
}
