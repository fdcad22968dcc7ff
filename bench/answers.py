"""The store beside MLflow, trackio and TensorBoard: logging points, and answering questions about 10,000 runs."""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path

from measure import interleave, median, say, table
from setting import bench, binaries, cache, peer_variables, tracker_python

points = int(os.environ.get("BENCH_POINTS", "100"))  # of each metric of each run


def database_with(points):
    return cache / f"bench-store-{points}.db"


def long_run_beside(database):
    return Path(f"{database}.ingest")


runner_program = binaries / "runner"


def words_of(command):
    return [str(word) for word in command]


def output_of(command):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(words_of(command), cwd=folder, env=peer_variables(threads=2), capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{command[:6]}: exit {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout


def whole_process(command):
    """Milliseconds from before exec to the end."""
    start = time.perf_counter()
    output_of(command)
    return {"process_ms": (time.perf_counter() - start) * 1000}


def peer_answer(tracker, store, question, *runs):
    start = time.perf_counter()
    out = output_of([tracker_python(), bench / f"peers/answers_{tracker}.py", store, question, *runs])
    return {"process_ms": (time.perf_counter() - start) * 1000, "inside_ms": json.loads(out.splitlines()[-1])["inside_s"] * 1000}


def trackio_store(runs, points):
    """As many runs with 10 metrics of so many points, made once."""
    folder = cache / f"bench-trackio-{runs}-{points}"
    if not (folder / "filled").exists():
        shutil.rmtree(folder, ignore_errors=True)
        output_of([tracker_python(), bench / "peers/answers_trackio.py", folder, "fill", runs, points])
        (folder / "filled").touch()
    return folder


def ids(of, most=0):
    out = output_of([runner_program, "list", "--json", "--columns", "id", "--limit", most, "--db", of])
    return [run["id"] for run in json.loads(out)]


def mlflow_store(of, *options):
    """The same runs in a store of MLflow's, made once."""
    store = of.with_suffix(of.suffix + ".mlflow.db")
    if not store.exists():
        output_of([runner_program, "export", *ids(of), "--to", store, *options, "--db", of])
    with sqlite3.connect(store) as connection:
        runs = connection.execute("SELECT run_uuid FROM runs ORDER BY start_time DESC LIMIT 2").fetchall()
    return store, [run for run, in runs]


def ask(title, ours, **theirs):
    """`theirs`: what a tracker is asked, its store first."""
    say(f"\n{title}")
    contestants = {"runner": partial(whole_process, [runner_program, *ours])}
    contestants |= {tracker: partial(peer_answer, tracker, *words) for tracker, words in theirs.items()}
    results = interleave(contestants)
    table(results, ["process_ms"])
    for tracker in theirs:
        say(f"  {tracker}, without its imports and opening: {median(results[tracker], 'inside_ms'):.1f} ms")


def measure_store(points):
    """Makes the database when it is missing; gives what was measured."""
    command = [binaries / "bench-store", database_with(points), str(points)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def answers():
    """Questions about 10,000 runs, and a curve of a million points, beside MLflow and trackio; logging beside three trackers.

    Theirs have 100 points a metric, whatever BENCH_POINTS is: with 1,000, MLflow's would take 22 GB."""
    figures = measure_store(points)
    say(figures.strip())
    logging(figures)
    if not long_run_beside(database_with(100)).exists():
        measure_store(100)
    database = database_with(points)
    long_run = long_run_beside(database)
    mlflow, (a, b) = mlflow_store(database_with(100))
    trackio = trackio_store(10_000, 100)
    here = ["--db", database]
    first, second = ids(database, 2)
    ask("the 20 newest runs", ["list", *here], mlflow=[mlflow, "list"], trackio=[trackio, "list"])
    ask("the 20 best of those above 0.99 (trackio cannot be asked)",
        ["list", "--where", "eval/accuracy > 0.99", "--sort", "-eval/accuracy", *here], mlflow=[mlflow, "filter"])
    ask("one run", ["show", first, "--json", *here], mlflow=[mlflow, "show", a], trackio=[trackio, "show", "mnist-1"])
    ask("two runs side by side", ["compare", first, second, "--json", *here],
        mlflow=[mlflow, "compare", a, b], trackio=[trackio, "compare", "mnist-1", "mnist-2"])
    ask(f"a curve of {points} points (the others: 100)", ["plot", first, "--metric", "train/loss", "--csv", *here],
        mlflow=[mlflow, "curve", a], trackio=[trackio, "curve", "mnist-1"])
    longest, (run, *_) = mlflow_store(long_run_beside(database_with(100)), "--metric", "train/loss")
    ask("a curve of a million points", ["plot", "last", "--metric", "train/loss", "--csv", "--db", long_run],
        mlflow=[longest, "curve", run], trackio=[trackio_store(1, 1_000_000), "curve", "mnist-0"])
    bytes_of = {"runner": (database, points), "mlflow": (mlflow, 100), "trackio": (trackio / "bench.db", 100)}
    say("\nbytes a point, of 10,000 runs")
    for tracker, (file, each) in bytes_of.items():
        say(f"  {tracker:42} {file.stat().st_size / (10_000 * 10 * each):9.1f}")


def logging(figures):
    """What a call costs, and how many points a second come to disk."""
    nanoseconds = float(re.search(r"record\(\): (\d+) ns", figures)[1])
    rate = float(re.search(r"ingest: (\d+) points", figures)[1])
    ours = {"us_per_call": nanoseconds / 1000, "points_per_s": rate}
    counts = {"mlflow": 300, "mlflow_batches": 20_000, "tensorboard": 50_000, "trackio": 5_000}

    def peer(tracker):
        return json.loads(output_of([tracker_python(), bench / "peers/log_points.py", tracker, counts[tracker]]).splitlines()[-1])

    contestants = {"runner (bench-store)": lambda: ours, **{tracker: partial(peer, tracker) for tracker in counts}}
    table(interleave(contestants), ["us_per_call", "points_per_s"])
