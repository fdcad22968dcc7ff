"""The benchmark search: hyperparameter searches on standard test functions, next to Optuna's samplers."""
import json
import math
import os
import subprocess
from statistics import mean, median

from measure import say
from setting import bench, binaries, optuna_python

trials = 100
seeds = int(os.environ.get("BENCH_SEEDS", "20"))
moments = (25, 50, 100)
duels = (("tpe", "Optuna TPE"), ("tpe, 8 at once", "Optuna TPE, 8 at once"))


def results():
    """Of all samplers: the best value after each trial for each function and seed, and a suggestion's time."""
    commands = [[binaries / "bench-search", trials, seeds],
                [optuna_python(), bench / "peers/search.py", trials, seeds]]
    ours, peers = (json.loads(subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=True).stdout)
                   for command in commands)
    best = {function: {**ours["best"][function], **found} for function, found in peers["best"].items()}
    return best, {**ours["milliseconds"], **peers["milliseconds"]}


def at(runs, moment):
    return [run[moment - 1] for run in runs]


def win_rate(ours, theirs):
    """The share of pairs of seeds in which the first is better: Mann-Whitney's U over n * m. A tie counts half."""
    return mean((a < b) + (a == b) / 2 for a in ours for b in theirs)


def p_value(ours, theirs):
    """Of Mann-Whitney's test, two-sided, by the normal approximation without a correction for ties; 0.001 at least."""
    n, m = len(ours), len(theirs)
    distance = abs(win_rate(ours, theirs) - 0.5) * n * m
    return max(0.001, math.erfc(distance / math.sqrt(n * m * (n + m + 1) / 12) / math.sqrt(2)))


def show_medians(best, samplers):
    for function, found in best.items():
        say(f"\n{function:26}" + "".join(f"{f'after {moment}':>12}" for moment in moments))
        for sampler in samplers:
            say(f"  {sampler:24}" + "".join(f"{median(at(found[sampler], moment)):12.4g}" for moment in moments))


def show_duel(best, own, peer):
    say(f"\n{own} better than {peer}")
    say(f"{'':26}" + "".join(f"{f'after {moment}':>20}" for moment in moments))
    rates = {moment: [] for moment in moments}
    for function, found in best.items():
        line = f"  {function:24}"
        for moment in moments:
            ours, theirs = at(found[own], moment), at(found[peer], moment)
            rates[moment].append(win_rate(ours, theirs))
            line += f"{rates[moment][-1]:9.0%} (p {p_value(ours, theirs):.3f})"
        say(line)
    say(f"  {'all':24}" + "".join(f"{mean(rates[moment]):9.0%}{'':11}" for moment in moments))


def show_summary(best, samplers, times):
    """The share of all other samplers' runs on the same function that one is better than, and milliseconds."""
    say(f"\n{'against all others':26}" + "".join(f"{f'after {moment}':>12}" for moment in moments) +
          f"{'ms at 100':>12}{'ms at 1000':>12}")
    for sampler in samplers:
        rates = [mean(win_rate(at(found[sampler], moment), at(found[other], moment))
                      for found in best.values() for other in samplers if other != sampler) for moment in moments]
        say(f"  {sampler:24}" + "".join(f"{rate:12.0%}" for rate in rates) +
              "".join(f"{times[sampler][finished]:12.3f}" for finished in ("100", "1000")))


def search():
    """Hyperparameter searches: the best after 25, 50 and 100 trials on test functions, next to Optuna's samplers."""
    best, times = results()
    samplers = list(times)
    show_medians(best, samplers)
    for own, peer in duels:
        show_duel(best, own, peer)
    show_summary(best, samplers, times)
