"""What trackio answers: answers_trackio.py FOLDER fill RUNS POINTS | QUESTION [RUN ...]; prints the seconds without imports."""
import json
import math
import os
import sys
import time

folder, question, *words = sys.argv[1:]
os.environ["TRACKIO_DIR"] = folder
from trackio.sqlite_storage import SQLiteStorage as Storage  # noqa: E402

project = "bench"
metrics = ["train/loss", "train/lr", "train/it_per_s", "train/grad_norm", "eval/loss", "eval/accuracy", "eval/top5",
           "memory/used", "gpu/power", "gpu/use"]


def fill(runs, points):
    """The runs of bench-store."""
    for run in range(runs):
        rows = [{name: 0.9 + 0.1 * math.sin(run * 0.37 + i * 0.01 + number) for number, name in enumerate(metrics)}
                for i in range(1, points + 1)]
        Storage.bulk_log(project, f"mnist-{run}", rows, steps=[50 * i for i in range(1, points + 1)],
                         config={"optimizer.lr": 0.01 * (run % 200), "seed": run})


def newest():
    return sorted(Storage.get_run_records(project), key=lambda run: run["created_at"] or "", reverse=True)[:20]


def show(run):
    return [Storage.get_run_config(project, run), Storage.get_logs(project, run)[-1]]


questions = {
    "list": newest,
    "show": lambda: show(words[0]),
    "compare": lambda: [show(run) for run in words],
    "curve": lambda: Storage.get_metric_values(project, words[0], "train/loss"),
}
if question == "fill":
    fill(int(words[0]), int(words[1]))
    sys.exit()
start = time.perf_counter()
answer = questions[question]()
print(json.dumps({"inside_s": time.perf_counter() - start, "found": len(answer)}))
