"""In which order the steps of a funnel stand: as declared, by their numbers, by the time at which people take them, or by what
they are called."""

import re
from itertools import combinations

import numpy as np
import pandas as pd

from mesh.tabular.lexicon import words
from mesh.tabular.sheet import Codes, Levels

MAX_STAGES = 20
CLEAR = 0.8
"""From this share of people on who take one step before another, the order of the two is clear."""
MIN_PEOPLE = 5
NATURAL = (
    ("impression", "impressions", "노출"),
    ("visit", "visited", "visitor", "landing", "session", "home", "방문", "유입"),
    ("browse", "view", "viewed", "page_view", "product_view", "조회", "상품조회", "상세조회"),
    ("click", "clicked", "클릭"),
    ("lead", "리드", "문의"),
    ("signup", "sign_up", "registered", "register", "가입", "회원가입"),
    ("activation", "activated", "onboarding", "활성화"),
    ("trial", "체험"),
    ("mql", "qualified"),
    ("sql", "opportunity", "demo", "상담", "기회"),
    ("proposal", "quote", "제안", "견적"),
    ("negotiation", "협상"),
    ("cart", "add_to_cart", "basket", "장바구니"),
    ("checkout", "주문서", "결제시작"),
    ("payment", "paid", "결제"),
    ("purchase", "purchased", "order", "won", "closed_won", "converted", "구매", "주문", "계약", "전환"),
    ("repeat", "renewal", "재구매", "갱신"),
)
_NUMBER = re.compile(r"^\D*?(\d+)")


def order_stages(
    ids: Codes, stages: Levels, dates: "pd.Series[pd.Timestamp] | None"
) -> tuple[list[str], str] | None:
    """The levels in order and how it was found (`numbers`, `time`, `names`); None where none of them is clear.

    By time: of every two steps, the one that most people with both took first, when at least `CLEAR` of them did, comes first.
    By names: the known steps alone, when there are three or all.
    """
    names = list(stages.names)
    if not 2 <= len(names) <= MAX_STAGES:
        return None
    numbers = [_NUMBER.match(name) for name in names]
    found = [int(match[1]) for match in numbers if match]
    if len(set(found)) == len(names):
        return [name for _, name in sorted(zip(found, names, strict=True))], "numbers"
    timed = _by_time(ids, stages, dates) if dates is not None else None
    if timed is not None:
        return timed, "time"
    ranks = {name: rank for name in names if (rank := _natural_rank(name)) is not None}
    distinct = len(set(ranks.values())) == len(ranks)
    if distinct and len(ranks) >= min(3, len(names)):
        return sorted(ranks, key=lambda name: ranks[name]), "names"
    return None


def _natural_rank(name: str) -> int | None:
    joined = "_".join(words(name))
    return next((rank for rank, terms in enumerate(NATURAL) if joined in terms), None)


def _by_time(ids: Codes, stages: Levels, dates: "pd.Series[pd.Timestamp]") -> list[str] | None:
    known = (ids >= 0) & (stages.codes >= 0) & dates.notna().to_numpy()
    if not known.any():
        return None
    moments = dates[known].to_numpy(dtype="datetime64[us]").astype(np.int64)
    first = pd.Series(moments).groupby([ids[known], stages.codes[known]]).min().unstack()
    ahead = dict.fromkeys(range(len(stages.names)), 0)
    for a, b in combinations(range(len(stages.names)), 2):
        before, after = (
            int((first[x] < first[y]).sum()) if {a, b} <= set(first) else 0 for x, y in ((a, b), (b, a))
        )
        if before + after < MIN_PEOPLE or max(before, after) < CLEAR * (before + after):
            return None
        ahead[a if before > after else b] += 1
    ranked = sorted(ahead, key=lambda code: -ahead[code])
    consistent = [ahead[code] for code in ranked] == list(range(len(ranked) - 1, -1, -1))
    return [stages.names[code] for code in ranked] if consistent else None
