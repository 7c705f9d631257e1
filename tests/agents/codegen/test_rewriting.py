"""Loops over rows and functions of `apply`, written another way: the same results, by running both."""

import ast
import contextlib
import io
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.codegen.inside.digests import digests
from agents.codegen.rewriting import Style, applied, offers


def ran(code: str) -> tuple[str, dict[str, str]]:
    """What a piece of code prints, and digests of what it leaves."""
    frame = pd.DataFrame(
        {
            "qty": [1, 5, 12, 7, 3, 5],
            "price": [10.5, 99.25, 130.0, 120.75, 3.5, 64.0],
            "shop": ["A", "B", "A", "C", "B", "A"],
            "name": ["kim", "lee", "park", "choi", "han", "seo"],
            "day": pd.date_range("2024-01-30", periods=6),
        }
    )
    names: dict[str, Any] = {"df": frame, "pd": pd, "np": np}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "<code>", "exec"), names)
    left = {name: value for name, value in names.items() if name not in ("pd", "np", "__builtins__")}
    return printed.getvalue(), digests(left)


COLUMNS = {
    "append": "out = []\nfor i, row in df.iterrows():\n    out.append(row['qty'] * row.price)\nprint(sum(out))",
    "choose": (
        "out = []\nfor _, row in df.iterrows():\n    if row['price'] > 100 and not row['qty'] < 8:\n        out.append('big')\n"
        "    elif 50 <= row['price'] <= 100:\n        out.append('mid')\n    else:\n        out.append('small')\nprint(out)"
    ),
    "filter": (
        "out = []\nfor i, row in df.iterrows():\n    if row['shop'] in ['A', 'B']:\n        out.append(row['name'].upper())\n"
        "print(out)"
    ),
    "sum": (
        "total = 0\nn = 0\nfor i, r in df.iterrows():\n    if r['shop'] == 'A':\n        total += r['price']\n        n += 1\n"
        "print(total, n)"
    ),
    "by key": (
        "sums = {}\nfor i, row in df.iterrows():\n    k = row['shop']\n    if k not in sums:\n        sums[k] = 0\n"
        "    sums[k] += row['price']\nprint(sums)"
    ),
    "counts": (
        "n = {}\nfor i, row in df.iterrows():\n    n[row['shop']] = n.get(row['shop'], 0) + 1\nprint(sorted(n.items()))"
    ),
    "write": (
        "for i in range(len(df)):\n    base = df.loc[i, 'qty'] * df['price'][i]\n    if base > 500:\n"
        "        df.loc[i, 'cut'] = base * 0.1\n    else:\n        df.loc[i, 'cut'] = 0.0\nprint(df['cut'].tolist())"
    ),
    "write some": "for i in df.index:\n    if df.at[i, 'qty'] > 5:\n        df.at[i, 'price'] = 1.5\nprint(df['price'].tolist())",
    "apply a row": "df['net'] = df.apply(lambda r: max(r['qty'] * 2, r['price']) - 1, axis=1)",
    "apply a function": (
        "def grade(row):\n    '''By price.'''\n    if row['price'] >= 100:\n        return 'A'\n"
        "    return 'B' if row.qty > 4 else 'C'\n"
        "df['grade'] = df.apply(grade, axis=1)"
    ),
    "apply to values": "df['up'] = df['name'].apply(lambda s: s.title())\ndf['m'] = df['day'].map(lambda d: d.month)",
    "groups": (
        "out = {}\nfor s in df['shop'].unique():\n    part = df[df['shop'] == s]\n    out[s] = part['qty'].max()\n"
        "print(out)"
    ),
}
ROWS = {
    "the index counts": "out = []\nfor i, row in df.iterrows():\n    out.append((i, row['name'], row['price']))\nprint(out)",
    "nested": (
        "pairs = []\nfor i, r in df.iterrows():\n    for j, q in df.iterrows():\n"
        "        if r['shop'] == q['shop'] and r['qty'] > q['qty']:\n            pairs.append((i, j))\nprint(pairs)"
    ),
    "the row itself": "out = []\nfor i, row in df.iterrows():\n    out.append(row.get('name', '') + row['shop'])\nprint(out)",
    "a function with a loop": (
        "def f(r):\n    x = r['price']\n    for _ in range(2):\n        x = x * 2\n    return x\ndf['x'] = df.apply(f, axis=1)"
    ),
}


@pytest.mark.parametrize(
    ("style", "code"),
    [*(("columns", code) for code in COLUMNS.values()), *(("rows", code) for code in ROWS.values())],
    ids=[*COLUMNS, *ROWS],
)
def test_what_is_written_anew_gives_the_same(style: Style, code: str) -> None:
    new = applied(code, offers(code, style))
    assert "iterrows" not in new
    assert "axis=1" not in new
    assert ast.dump(ast.parse(new)) != ast.dump(ast.parse(code))
    printed, left = ran(new)
    before, kept = ran(code)
    assert printed == before.replace("np.float64(", "").replace(")", "") or printed == before
    assert [name for name in kept.keys() & left.keys() if kept[name] != left[name]] == []


@pytest.mark.parametrize(
    "code",
    [
        "out = []\nfor i, row in df.iterrows():\n    if len(out) < 3:\n        out.append(row['qty'])",
        "for i, row in df.iterrows():\n    print(row['qty'])",
        "last = 0\nfor i, row in df.iterrows():\n    last = last * 2 + row['qty']\nout = last",
        "df['x'] = df.apply(lambda r: r.sum(), axis=1)",
        "for n in range(10):\n    print(n)",
    ],
)
def test_what_depends_on_earlier_rows_or_cannot_be_read_is_not_offered_in_columns(code: str) -> None:
    assert offers(code, "columns") == []


@pytest.mark.parametrize(
    "code",
    [
        "if len(df) > 9: df['b'] = df['qty'].apply(lambda q: q * 2)",
        "a = 1; df['b'] = df['qty'].apply(lambda q: q * 2)",
        "df['b'] = df['qty'].apply(lambda q: q * 2); a = 1",
    ],
)
def test_a_line_that_holds_something_else_too_stays_as_it_is(code: str) -> None:
    assert offers(code, "columns") == []


def test_other_lines_stay_as_they_are_and_what_is_used_is_imported() -> None:
    code = (
        "import pandas as pd\n\n# Labels by price.\nlabels = []\nfor i, row in df.iterrows():\n    if row['qty'] > 5:\n"
        "        labels.append(1)\n    else:\n        labels.append(0)\n\nprint(labels)  # done\n"
    )
    new = applied(code, offers(code, "columns"))
    assert new.startswith("import numpy as np\nimport pandas as pd\n\n# Labels by price.\nlabels = []\n")
    assert new.endswith("\n\nprint(labels)  # done\n")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1.0]})),
        (pd.Series([1]), pd.Series(["1"])),
        (pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-02")),
    ],
)
def test_values_that_are_written_alike_are_told_apart(one: object, other: object) -> None:
    assert digests({"x": one}) != digests({"x": other})
