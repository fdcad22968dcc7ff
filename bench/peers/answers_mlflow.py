"""What MLflow answers from an SQLite store: answers_mlflow.py STORE QUESTION [RUN ...]; prints the seconds without imports."""
import json
import logging
import sys
import time

import mlflow
from mlflow.entities import ViewType

logging.disable(logging.WARNING)
store, question, *runs = sys.argv[1:]
client = mlflow.MlflowClient(tracking_uri=f"sqlite:///{store}")


def search(**what):
    experiments = [experiment.experiment_id for experiment in client.search_experiments()]
    return client.search_runs(experiments, run_view_type=ViewType.ACTIVE_ONLY, max_results=20, **what)


questions = {
    "list": lambda: search(order_by=["attributes.start_time DESC"]),
    "filter": lambda: search(filter_string="metrics.`eval/accuracy` > 0.99", order_by=["metrics.`eval/accuracy` DESC"]),
    "show": lambda: client.get_run(runs[0]),
    "compare": lambda: [client.get_run(run) for run in runs],
    "curve": lambda: client.get_metric_history(runs[0], "train/loss"),
}
client.search_experiments()  # opens the store: MLflow looks at its schema once
start = time.perf_counter()
answer = questions[question]()
seconds = time.perf_counter() - start
print(json.dumps({"inside_s": seconds, "found": len(answer) if isinstance(answer, list) else 1}))
