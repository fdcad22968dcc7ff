"""The benchmark search: hyperparameter searches on standard test functions, next to Optuna's samplers."""
import json
import math
import os
import random
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from statistics import mean, median

from setting import bench, binaries, python_with

trials = 100
seeds = int(os.environ.get("BENCH_SEEDS", "20"))
moments = (25, 50, 100)
ours = ("tpe", "sobol", "random")
reference = "Optuna TPE, multivariate"


def peers():
    """What Optuna reaches, as bench-search prints it: {function: {sampler: [[best after each trial] per seed]}}."""
    python = python_with("search")
    words = [python, bench / "peers/search.py", trials, seeds]
    return json.loads(subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, check=True).stdout)


def own():
    words = [binaries / "bench-search", trials, seeds, *ours]
    return json.loads(subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, check=True).stdout)


def win_rate(ours, theirs):
    """The share of pairs of seeds in which the first is better (Mann-Whitney's U over n*m); a tie counts half."""
    pairs = [(a < b) + (a == b) / 2 for a in ours for b in theirs]
    return mean(pairs)


def search():
    """Best value after 25, 50 and 100 trials on standard test functions, next to Optuna's samplers."""
