"""The notebook's first cells: title, set-up, loading, schema and a quality overview."""

from collections.abc import Sequence

from mesh.language import Language, say
from mesh.results import Column, DatasetRef

from .cells import Cell, code, markdown

DATA_FILE = "data.parquet"

_SETUP = """
import hashlib
import os
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import display

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    try:
        import koreanize_matplotlib  # noqa: F401 - a font with Hangul for the charts
    except ImportError:
        pass

%matplotlib inline
pd.options.display.max_rows = 30
"""

_LOAD = """
DATA_PATH = Path(os.environ.get("DATA_PATH", {file!r}))
EXPECTED_SHA256 = {sha256!r}

actual_sha256 = hashlib.sha256(DATA_PATH.read_bytes()).hexdigest()
if actual_sha256 != EXPECTED_SHA256:
    print(f"This is another version of the data: {{actual_sha256}}")
data = pd.read_parquet(DATA_PATH)
print(f"{{len(data):,}} rows, {{data.shape[1]}} columns")
data.head()
"""

_SCHEMA = """
MEANINGS = {meanings!r}
schema = pd.DataFrame(
    {{
        "type": data.dtypes.astype(str),
        "meaning": pd.Series(MEANINGS),
        "missing": data.isna().sum(),
        "distinct": data.nunique(),
    }}
)
schema.loc[data.columns]
"""

_QUALITY = """
quality = pd.Series(
    {
        "rows": len(data),
        "cells": data.size,
        "missing cells": int(data.isna().sum().sum()),
        "complete rows": int(data.notna().all(axis=1).sum()),
        "repeated rows": int(data.duplicated().sum()),
    }
)
quality.to_frame("count")
"""

_NUMERIC = """
NUMERIC = {numeric!r}
summary = data[NUMERIC].describe().T
quartile_1, quartile_3 = data[NUMERIC].quantile(0.25), data[NUMERIC].quantile(0.75)
fence = 1.5 * (quartile_3 - quartile_1)
outside = (data[NUMERIC] < quartile_1 - fence) | (data[NUMERIC] > quartile_3 + fence)
summary["outside Tukey's fences"] = outside.sum()
summary
"""


def opening_cells(
    question: str, dataset: DatasetRef, columns: Sequence[Column], numeric: Sequence[str], language: Language
) -> list[Cell]:
    """Title to quality overview. The data is read from `data.parquet` beside the notebook, or from `DATA_PATH`."""
    title = say(language, en="Analysis of {n}", ko="{n} 분석", n=dataset.name)
    intro = say(
        language,
        en="Question: {q}\n\nThe data is `{f}` next to this notebook; the environment variable `DATA_PATH` names another place."
        " The last cells compare every reported number with the one computed here.",
        ko="질문: {q}\n\n데이터는 이 노트북과 같은 폴더의 `{f}` 파일이며, 다른 위치는 환경 변수 `DATA_PATH`로 지정합니다."
        " 마지막 셀에서 보고된 수치와 여기서 계산한 수치를 비교합니다.",
        q=question.strip().replace("\n", " ") or "-",
        f=DATA_FILE,
    )
    meanings = {c.name: c.semantic for c in columns}
    cells = [
        markdown(f"# {title}\n\n{intro}"),
        code(_SETUP),
        markdown(say(language, en="## Data", ko="## 데이터")),
        code(_LOAD.format(file=DATA_FILE, sha256=dataset.sha256)),
        markdown(say(language, en="## Columns", ko="## 열 구성")),
        code(_SCHEMA.format(meanings=meanings)),
        markdown(say(language, en="## Quality overview", ko="## 품질 개요")),
        code(_QUALITY),
    ]
    return [*cells, code(_NUMERIC.format(numeric=list(numeric)))] if numeric else cells
