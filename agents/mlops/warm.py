"""Imported ahead in the compute process: a job then opens the store in a tenth of a second instead of two seconds.

MLflow is told to report its use to nobody before it is imported, and starts no thread then, so that forking stays safe.
"""

import os
import warnings

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["DO_NOT_TRACK"] = "true"
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import mlflow.models
    import mlflow.store.model_registry.sqlalchemy_store
    import mlflow.store.tracking.sqlalchemy_store
    import mlflow.tracking  # noqa: F401
