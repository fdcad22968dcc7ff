"""A training that is timed: the runner's, or a peer's. The work that was done has to be the work that was asked for."""
import sys
from pathlib import Path

from job import Job
from measure import median
from setting import bench, binaries, mnist, peer_variables, python, recipe, warm


class Runner:
    """The runner; `batch` samples a step."""

    def __init__(self, *overrides, batch=64):
        self._overrides, self.batch = overrides, batch

    def job(self, steps):
        # It evaluates at the end, where nothing is timed any more: in batches that need no more memory than training.
        # Peers save nothing, and neither does it.
        return Job([binaries / "runner", "run", recipe, "--json", "--db", "runs.db", f"train.batch_size={self.batch}",
                    f"train.max_steps={steps}", "train.epochs=1000", "eval.every=null", f"eval.batch_size={self.batch}",
                    "save.every=null", *self._overrides])

    def losses(self, events):
        return {point[1]: point for event in events if event["event"] == "metrics"
                for point in event["points"] if point[0] == "train/loss"}

    def report(self, events):
        points = self.losses(events)
        last = points[max(points)]
        samples = next(event["train_samples"] for event in events if event["event"] == "ready")
        late = [point[3] for step, point in points.items() if step > last[1] - 100]
        return {"first_step_at": events[-1]["first_step_at"], "steps": events[-1]["step"],
                "samples": round(last[2] * samples), "loss": sum(late) / len(late),
                "samples_per_s": (last[1] - warm) * self.batch / (last[4] - points[warm][4]) * 1000}


class Peer:
    """A program that is given the folder of MNIST and a number of steps, and that tells as peers/report.py does."""

    def __init__(self, command, *options, batch=64, threads=2):
        self._command, self._options, self.batch, self._threads = command, options, batch, threads

    def job(self, steps):
        return Job([*self._command, mnist(), steps, *self._options], peer_variables(threads=self._threads))

    def report(self, events):
        return next(event for event in events if "samples_per_s" in event)


def script(name, *launcher):
    """The command of a peer in Python."""
    return [python(), *launcher, bench / "peers" / name]


def train(contestant, steps):
    """Seconds from exec to the first step, steps and samples a second, and memory; the work done is the work asked for."""
    with contestant.job(steps) as job:
        peak = job.peak_memory_mib()
        report = contestant.report(job.events())
        samples = steps * contestant.batch
        if (report["steps"], report["samples"]) != (steps, samples):
            job.fail(f"did {report['steps']} steps on {report['samples']} samples instead of {steps} on {samples}")
        return {"it_per_s": report["samples_per_s"] / contestant.batch, "samples_per_s": report["samples_per_s"],
                "first_step_s": report["first_step_at"] - job.started_at,
                "memory_mib": peak, "loss": report["loss"]}


def check_losses(results):
    """The orders of the samples differ, so the losses can only be of the same order."""
    losses = {name: median(rows, "loss") for name, rows in results.items()}
    if max(losses.values()) > 2 * min(losses.values()):
        sys.exit(f"this is not the same work: the training losses are {losses}")
