"""How often a question in plain words gets the right rows, no answer, or wrong rows: 210 labelled questions over nine tables.

Usage: python benchmarks/nl_sql.py [--show {tuned,held_out,second}]

Every question has a SELECT written by hand that is run on the clean tables; the empty ones have no answer in the data. A
third of the first 150 was held out while the reading was worked on. The second set, 60 questions over five other
tables, was written before the reading was deepened.
"""

import argparse
import csv
import math
import sys
import tempfile
from collections import Counter
from itertools import permutations
from pathlib import Path
from typing import Any

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from agents.nlp.answering import answer_question
from benchmarks.measuring import machine
from benchmarks.measuring.asked_tables import AskedTable, asked_tables
from benchmarks.measuring.results import print_table, write_result
from benchmarks.measuring.second_tables import second_tables
from mesh.errors import NeedsInputError
from mesh.language import detect_language

QUESTIONS = [Path(__file__).parent / f"questions/{name}.tsv" for name in ("nl_sql", "nl_sql_second")]
SETS = ("tuned", "held_out", "second")
VERDICTS = ("right", "abstained", "wrong")


def load_questions() -> list[dict[str, str]]:
    """The labelled questions: table, set, question and the SELECT that gives its answer (empty: it has none)."""
    questions = []
    for path in QUESTIONS:
        with path.open(encoding="utf-8", newline="") as file:
            questions += list(csv.DictReader(file, delimiter="\t"))
    return questions


def verdict(question: dict[str, str], tables: list[AskedTable], folder: Path) -> tuple[str, dict[str, Any]]:
    """One of `VERDICTS` and the answer; abstaining from what the data cannot answer is right."""
    text = question["question"]
    asked, path = tables[0], folder / f"{tables[0].name}.parquet"
    try:
        answer = answer_question(text, path, asked.columns, detect_language(text), max_rows=5000)
    except NeedsInputError as asked_back:
        answer = {"abstained": True, "answer": str(asked_back), "sql": "", "rows": []}
    if answer["abstained"]:
        return ("abstained" if question["sql"] else "right"), answer
    if not question["sql"]:
        return "wrong", answer
    database = duckdb.connect()
    database.register("data", asked.clean)
    for table in tables:
        database.register(table.name, table.clean)
    expected = database.execute(question["sql"]).fetchall()
    return ("right" if same_rows(answer["rows"], [list(row) for row in expected]) else "wrong"), answer


def same_rows(given: list[list[Any]], expected: list[list[Any]]) -> bool:
    """True when some columns of `given`, in some order, hold exactly the rows of `expected`, in any order."""
    if len(given) != len(expected) or not given:
        return len(given) == len(expected)
    wanted = sorted(tuple(map(_comparable, row)) for row in expected)
    return any(
        sorted(tuple(_comparable(row[n]) for n in chosen) for row in given) == wanted
        for chosen in permutations(range(len(given[0])), len(expected[0]))
    )


def _comparable(value: Any) -> str:
    """A value as text that is equal when the values are: numbers to nine digits."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return str(value)
    number = float(value)
    return "None" if math.isnan(number) else f"{number:.9g}"


def main() -> None:
    """Asks every question and writes the rates per set and language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", choices=SETS, help="Print what was not answered right.")
    shown = parser.parse_args().show
    tables = {name: [table] for name, table in asked_tables().items()} | second_tables()
    counts = Counter[tuple[str, str]]()
    with tempfile.TemporaryDirectory() as folder:
        for table in [table for together in tables.values() for table in together]:
            table.frame.to_parquet(Path(folder) / f"{table.name}.parquet", index=False)
        for question in load_questions():
            name = question["table"]
            result, answer = verdict(question, tables[name], Path(folder))
            for group in (question["set"], detect_language(question["question"])):
                counts[group, result] += 1
            if question["set"] == shown and result != "right":
                print(
                    f"{result}: [{name}] {question['question']}\n    {answer['answer']}\n    {answer['sql']}"
                )
    report(counts)


def report(counts: Counter[tuple[str, str]]) -> None:
    """Prints and writes the share of each verdict per group of questions."""
    rates: dict[str, dict[str, float]] = {}
    for group in (*SETS, "en", "ko"):
        total = sum(counts[group, v] for v in VERDICTS)
        rates[group] = {"questions": total, **{v: round(counts[group, v] / total, 4) for v in VERDICTS}}
    print_table(
        "Questions in plain words", ["set", *rates["en"]], [[g, *r.values()] for g, r in rates.items()]
    )
    write_result("nl_sql", {"machine": machine.facts(), "rates": rates})


if __name__ == "__main__":
    main()
