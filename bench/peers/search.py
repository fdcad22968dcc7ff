"""Optuna's samplers on the test functions of ../search.cpp: search.py TRIALS SEEDS. Prints JSON, as bench-search does."""
import json
import math
import sys
import time
import warnings
from concurrent.futures import ProcessPoolExecutor

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.filterwarnings("ignore")

samplers = {
    "Optuna TPE": lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=True),
    "Optuna TPE, 8 at once": lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=True),
    "Optuna TPE, univariate": lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=False),
    "Optuna QMC": lambda seed: optuna.samplers.QMCSampler(seed=seed, scramble=True),
    "Optuna random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
}


def box(low, high, dimensions):
    return lambda trial: [trial.suggest_float(f"x{i}", low, high) for i in range(dimensions)]


def sphere(x):
    return sum(v * v for v in x)


def rosenbrock(x):
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:]))


def branin(x):
    bowl = x[1] - 5.1 / (4 * math.pi**2) * x[0] ** 2 + 5 / math.pi * x[0] - 6
    return bowl**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x[0]) + 10 - 0.397887357729739


def branin_axes(trial):
    return [trial.suggest_float("x0", -5, 10), trial.suggest_float("x1", 0, 15)]


def hartmann(x):
    height = [1.0, 1.2, 3.0, 3.2]
    width = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
    peak = [[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
            [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]]
    exponents = [sum(a * (v - 1e-4 * p) ** 2 for v, a, p in zip(x, widths, peaks)) for widths, peaks in zip(width, peak)]
    return 3.322368011391339 - sum(h * math.exp(-e) for h, e in zip(height, exponents))


def ackley(x):
    spread = math.sqrt(sum(v * v for v in x) / len(x))
    waves = sum(math.cos(2 * math.pi * v) for v in x) / len(x)
    return 20 + math.e - 20 * math.exp(-0.2 * spread) - math.exp(waves)


def rastrigin(x):
    return sum(v * v - 10 * math.cos(2 * math.pi * v) + 10 for v in x)


def levy(x):
    w = [1 + (v - 1) / 4 for v in x]
    hills = sum((v - 1) ** 2 * (1 + 10 * math.sin(math.pi * v + 1) ** 2) for v in w[:-1])
    return math.sin(math.pi * w[0]) ** 2 + hills + (w[-1] - 1) ** 2 * (1 + math.sin(2 * math.pi * w[-1]) ** 2)


def styblinski(x):
    return sum((v**4 - 16 * v**2 + 5 * v) / 2 + 39.16616570377142 for v in x)


def michalewicz(x):
    return 4.687658179 - sum(math.sin(v) * math.sin(i * v * v / math.pi) ** 20 for i, v in enumerate(x, 1))


def zakharov(x):
    slope = sum(0.5 * i * v for i, v in enumerate(x, 1))
    return sphere(x) + slope**2 + slope**4


def dixon_price(x):
    return (x[0] - 1) ** 2 + sum(i * (2 * b * b - a) ** 2 for i, (a, b) in enumerate(zip(x, x[1:]), 2))


def whole_axes(trial):
    return [trial.suggest_int(f"x{i}", 1, 32) for i in range(5)]


def whole(x):
    return (x[0] - 5) ** 2 + sum((b - a - 4) ** 2 for a, b in zip(x, x[1:]))


def training_axes(trial):
    return [trial.suggest_float("lr", 1e-5, 1e1, log=True), trial.suggest_int("width", 16, 1024, log=True),
            trial.suggest_int("layers", 1, 8), trial.suggest_float("dropout", 0, 0.5),
            trial.suggest_categorical("optimizer", ["sgd", "momentum", "adam"]),
            trial.suggest_categorical("activation", ["relu", "gelu", "tanh", "sigmoid"])]


def training(x):
    """Made up as training goes: each optimizer has its own best learning rate, which falls with depth; diverges above."""
    lr, width, layers, dropout, optimizer, activation = x
    best_lr = {"sgd": -0.5, "momentum": -1.5, "adam": -3}[optimizer] - 0.08 * layers
    off = math.log10(lr) - best_lr
    loss = {"sgd": 0.06, "momentum": 0.02, "adam": 0}[optimizer] + 0.05 * off**2 + (2 * off if off > 1 else 0)
    loss += 0.02 * (math.log2(width) - 8) ** 2 + 0.015 * abs(layers - 5) + 0.8 * (dropout - 0.2) ** 2
    return loss + {"relu": 0.03, "gelu": 0, "tanh": 0.08, "sigmoid": 0.2}[activation]


def coupled_axes(trial):
    return [trial.suggest_float("lr", 1e-5, 1e1, log=True), trial.suggest_int("width", 16, 1024, log=True),
            trial.suggest_int("layers", 1, 8), trial.suggest_float("dropout", 0, 0.5),
            trial.suggest_categorical("choice", [0, 1, 2])]


def coupled(x):
    """The best rate is another decade for each choice, so that both must change together."""
    lr, width, layers, dropout, choice = x
    loss = (math.log10(lr) + choice + 1) ** 2 + 0.1 * (math.log2(width) - 8) ** 2
    return loss + 0.1 * abs(layers - 5) + dropout + 0.3 * abs(choice - 1)


functions = {
    "sphere 5-d": (box(-5, 10, 5), sphere),
    "rosenbrock 2-d": (box(-5, 10, 2), rosenbrock),
    "rosenbrock 4-d": (box(-5, 10, 4), rosenbrock),
    "branin": (branin_axes, branin),
    "hartmann 6-d": (box(0, 1, 6), hartmann),
    "ackley 5-d": (box(-15, 30, 5), ackley),
    "rastrigin 4-d": (box(-4, 6, 4), rastrigin),
    "training, mixed": (training_axes, training),
    "coupled, mixed": (coupled_axes, coupled),
    "levy 4-d": (box(-10, 10, 4), levy),
    "styblinski 5-d": (box(-5, 5, 5), styblinski),
    "michalewicz 5-d": (box(0, math.pi, 5), michalewicz),
    "zakharov 4-d": (box(-5, 10, 4), zakharov),
    "dixon-price 4-d": (box(-10, 10, 4), dixon_price),
    "whole numbers 5-d": (whole_axes, whole),
}


def best_so_far(job):
    sampler, function, trials, seed = job
    axes, value = functions[function]
    study = optuna.create_study(sampler=samplers[sampler](seed))
    at_once = 8 if "8 at once" in sampler else 1
    values = []
    while len(values) < trials:
        batch = [study.ask() for _ in range(min(at_once, trials - len(values)))]
        points = [axes(trial) for trial in batch]  # all of them before the first has a value
        for trial, point in zip(batch, points):
            values.append(value(point))
            study.tell(trial, values[-1])
    return [min(values[: i + 1]) for i in range(trials)]


def milliseconds(sampler, finished):
    """Of one more suggestion of sphere's five values after so many trials."""
    study = optuna.create_study(sampler=samplers[sampler](1))
    axes = functions["sphere 5-d"][0]
    distributions = {f"x{i}": optuna.distributions.FloatDistribution(-5, 10) for i in range(5)}
    points = optuna.samplers.RandomSampler(seed=1)._rng.rng.uniform(-5, 10, (finished, 5))
    for point in points:
        params = {f"x{i}": float(v) for i, v in enumerate(point)}
        study.add_trial(optuna.trial.create_trial(params=params, distributions=distributions, value=sphere(point)))
    start = time.perf_counter()
    for _ in range(10):
        trial = study.ask()
        study.tell(trial, sphere(axes(trial)))
    return (time.perf_counter() - start) * 100


def main(trials, seeds):
    jobs = [(sampler, function, trials, seed) for function in functions for sampler in samplers for seed in range(1001, 1001 + seeds)]
    out = {function: {sampler: [] for sampler in samplers} for function in functions}
    with ProcessPoolExecutor(2) as pool:
        for (sampler, function, _, _), best in zip(jobs, pool.map(best_so_far, jobs)):
            out[function][sampler].append(best)
    times = {sampler: {n: milliseconds(sampler, n) for n in (100, 1000)} for sampler in samplers}
    print(json.dumps({"best": out, "milliseconds": times}))


main(*map(int, sys.argv[1:]))
