"""What metrics are called by people."""

_NAMES = {"logloss": "log loss", "f1": "F1", "r2": "R²", "pr_auc": "PR-AUC"}


def metric_name(metric: str) -> str:
    """The metric as people write it: `AUC`, `log loss`, `balanced accuracy`."""
    words = {"accuracy", "balanced_accuracy", "precision", "recall"}
    return _NAMES.get(metric) or (metric.replace("_", " ") if metric in words else metric.upper())
