"""Sweeps: forty small trials beside Hydra, Optuna and a bare loop, and the queue alone."""
import subprocess
import tempfile
import time
from functools import partial

from measure import interleave, table
from setting import bench, binaries, peer_variables, python

trials = 40
rates = ",".join(f"0.{number}" for number in range(1, 9))


def timed(command, environment=None):
    """Trials a minute of a command that runs all, started in an empty folder, from its start to its end."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        done = subprocess.run([str(word) for word in command], cwd=folder, env=environment, capture_output=True, text=True)
        seconds = time.perf_counter() - start
    if done.returncode != 0:
        raise SystemExit(f"{command}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return {"trials_per_minute": trials / seconds * 60, "seconds": seconds}


def runner(*overrides):
    return timed([binaries / "runner", "run", bench / "sweep.yaml", "--quiet", *overrides])


def peer(script, *arguments):
    return timed([python(), bench / "peers" / script, *arguments], {**peer_variables(threads=1), "HYDRA_FULL_ERROR": "1"})


def sweep():
    """Trials a minute: 40 trials of 200 steps of a small network, one thread each; and the queue's own cost."""
    contestants = {
        "runner": runner,
        "runner, one trial at a time": partial(runner, "sweep.parallel=1", "topology.threads=1"),
        "Hydra multirun + Lightning": partial(peer, "small_hydra.py", "-m", f"+lr={rates}", "+seed=1,2,3,4,5"),
        "Optuna (SQLite) + Lightning": partial(peer, "small_optuna.py"),
        "bare PyTorch loop, one process": partial(peer, "small_loop.py"),
    }
    for run in contestants.values():
        run()  # fills caches
    table(interleave(contestants), ["trials_per_minute", "seconds"])
    subprocess.run([binaries / "bench-queue"], check=True)
