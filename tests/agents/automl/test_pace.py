import numpy as np

from agents.automl.framing import build_problem
from agents.automl.jobs import train
from agents.automl.pace import LEAST_ROWS, paced

from .conftest import MakeOrder, columns_of, customers, silent


def test_a_problem_is_left_whole_when_the_time_suffices(make_order: MakeOrder) -> None:
    frame = customers(300)
    problem = build_problem(make_order(frame, "predict churn", columns_of(frame, customer="identifier")))
    assert paced(problem, 3600) is problem


def test_with_hardly_any_time_few_rows_and_one_fold_are_left(make_order: MakeOrder) -> None:
    frame = customers(3000)
    problem = build_problem(make_order(frame, "predict churn", columns_of(frame, customer="identifier")))
    less = paced(problem, 1e-3)
    assert len(less.split.train) == LEAST_ROWS
    assert less.left_out == len(problem.split.train) - LEAST_ROWS
    assert set(less.split.train) <= set(problem.split.train)
    assert np.array_equal(less.split.test, problem.split.test)
    ((fit, test),) = less.folds
    assert sorted([*fit, *test]) == list(range(LEAST_ROWS))
    assert set(less.split.train[test]) <= set(problem.split.train[problem.folds[0][1]])


def test_a_model_comes_of_any_budget(make_order: MakeOrder) -> None:
    frame = customers(3000)
    order = make_order(frame, "predict churn", columns_of(frame, customer="identifier"), budget_s=0.01)
    trained = train(order, silent)
    assert trained.model["best"]["auc"] > 0.5
    assert any("time_budget_s" in note for note in trained.warnings)
