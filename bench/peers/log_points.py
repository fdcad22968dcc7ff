"""Logging scalars with a tracker: log_points.py TRACKER COUNT, in the current folder; microseconds a call, points a second."""
import json
import logging
import os
import sys
import time

logging.disable(logging.WARNING)
tracker, count = sys.argv[1], int(sys.argv[2])


def with_mlflow():
    import mlflow
    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    mlflow.set_experiment("bench")
    mlflow.start_run()
    return lambda step, value: mlflow.log_metric("loss", value, step=step), mlflow.end_run


def with_mlflow_batches():
    import mlflow
    from mlflow.entities import Metric
    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    mlflow.set_experiment("bench")
    run = mlflow.start_run().info.run_id
    client, waiting = mlflow.MlflowClient(), []

    def flush():
        client.log_batch(run, metrics=waiting)
        waiting.clear()

    def log(step, value):
        waiting.append(Metric("loss", value, int(time.time() * 1000), step))
        if len(waiting) == 1000:
            flush()

    def end():
        if waiting:
            flush()
        mlflow.end_run()
    return log, end


def with_tensorboard():
    from torch.utils.tensorboard import SummaryWriter
    writer = SummaryWriter("events")
    return lambda step, value: writer.add_scalar("loss", value, step), writer.close


def with_trackio():
    os.environ["TRACKIO_DIR"] = os.path.abspath("trackio")
    import trackio
    trackio.init(project="bench", name="run")
    return lambda step, value: trackio.log({"loss": value}, step=step), trackio.finish


log, end = {"mlflow": with_mlflow, "mlflow_batches": with_mlflow_batches, "tensorboard": with_tensorboard,
            "trackio": with_trackio}[tracker]()
start = time.perf_counter()
for step in range(count):
    log(step, step * 0.1)
calls = time.perf_counter() - start
end()
total = time.perf_counter() - start
print(json.dumps({"us_per_call": calls / count * 1e6, "points_per_s": count / total}))
