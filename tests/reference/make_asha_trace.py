"""Writes asha_trace.json: what Algorithm 2 of "A System for Massively Parallel Hyperparameter Tuning"
(Li et al. 2020, arXiv:1810.05934) decides for 81 trials on 4 workers of different speed.

Each line is an event: {"tell": [trial, rung, loss]} when a job has ended, or {"ask": [trial, rung]}, the job that
get_job() then gives a free worker; {"ask": null} where it would draw an 82nd trial. A loss of null is NaN.
The paper leaves open which of equal losses is the better: here the one of the lower trial number, and NaN is worst.
"""

import heapq
import json
import math
import pathlib
import random

r, R, eta, s = 1, 81, 3, 0
TRIALS, WORKERS = 81, 4
TOP = round(math.log(R / r, eta)) - s


def top_k(rung, k):
    return sorted(rung, key=lambda trial: (math.isnan(rung[trial]), rung[trial], trial))[:k]


class Asha:
    def __init__(self):
        self.rungs = [{} for _ in range(TOP + 1)]
        self.promoted = [set() for _ in range(TOP + 1)]
        self.drawn = 0

    def get_job(self):
        for k in range(TOP - 1, -1, -1):
            candidates = top_k(self.rungs[k], len(self.rungs[k]) // eta)
            promotable = [t for t in candidates if t not in self.promoted[k]]
            if promotable:
                self.promoted[k].add(promotable[0])
                return promotable[0], k + 1
        if self.drawn == TRIALS:
            return None
        self.drawn += 1
        return self.drawn - 1, 0


def simulate():
    dice = random.Random(20261124)
    quality = [dice.random() for _ in range(TRIALS)]
    broken = {(5, 0), (23, 0), (24, 0), (4, 1)}  # (trial, rung) that end in NaN
    asha, events, running, free, clock = Asha(), [], [], WORKERS, 0.0

    def loss(trial, rung):
        if (trial, rung) in broken or quality[trial] < 0.004:
            return math.nan
        return round(quality[trial] + dice.gauss(0, 0.2) / (rung + 1), 1)  # one decimal: many are equal

    while True:
        while free:
            job = asha.get_job()
            events.append({"ask": job})
            if job is None:
                break
            free -= 1
            trial, rung = job
            steps = r * eta ** (rung + s)
            heapq.heappush(running, (clock + steps * dice.lognormvariate(0, 0.7), trial, rung))
        if not running:
            return events
        clock, trial, rung = heapq.heappop(running)
        value = loss(trial, rung)
        asha.rungs[rung][trial] = value
        events.append({"tell": [trial, rung, None if math.isnan(value) else value]})
        free += 1


lines = ",\n".join(json.dumps(event, separators=(",", ":")) for event in simulate())
(pathlib.Path(__file__).parent / "asha_trace.json").write_text(f"[{lines}]\n")
