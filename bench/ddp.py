"""Two ranks on two cores: how fast, in how much memory, and how a job ends when one of its ranks is killed."""
import json
import os
import re
import signal
import sys
import time
from functools import partial
from pathlib import Path

from job import Job, processes
from measure import interleave, median, table
from setting import batch, bench, binaries, mnist, peer_variables, python, recipe, steps, warm

torchrun = "-m torch.distributed.run --standalone --nproc-per-node=2".split()
killable_steps = 900  # less than an epoch, and far more than a kill waits for
kill_limit = 60  # seconds after which a job counts as one that does not end


class Runner:
    def __init__(self, topology):
        self._topology = topology

    def job(self, steps):
        # It evaluates at the end, where nothing is timed any more: in batches that need no more memory than training.
        return Job([binaries / "runner", "run", recipe, "--json", "--db", "runs.db", f"topology={self._topology}",
                    f"train.max_steps={steps}", "train.epochs=1", "eval.every=null", f"eval.batch_size={batch}"])

    def _losses(self, events):
        return {point[1]: point for event in events if event["event"] == "metrics"
                for point in event["points"] if point[0] == "train/loss"}

    def report(self, events):
        points = self._losses(events)
        last = points[max(points)]
        samples = next(event["train_samples"] for event in events if event["event"] == "ready")
        late = [point[3] for step, point in points.items() if step > last[1] - 100]
        return {"first_step_at": events[-1]["first_step_at"], "steps": events[-1]["step"],
                "samples": round(last[2] * samples), "loss": sum(late) / len(late),
                "samples_per_s": (last[1] - warm) * batch / (last[4] - points[warm][4]) * 1000}

    def ranks(self, job):
        if not any(step >= warm for step in self._losses(job.events())):
            return {}
        workers = Path(f"/proc/{job.pid}/task/{job.pid}/children").read_text().split()  # in the order of their start
        return {rank: int(process) for rank, process in enumerate(workers)}


class Peer:
    def __init__(self, script, *launcher):
        self._launcher, self._script = launcher, bench / "peers" / script

    def job(self, steps):
        return Job([python(), *self._launcher, self._script, mnist(), steps], peer_variables(threads=1))

    def report(self, events):
        return next(event for event in events if "samples_per_s" in event)

    def ranks(self, job):
        return {event["rank"]: event["pid"] for event in job.events() if "pid" in event}


def train(contestant, steps):
    """Seconds from exec to the first step, samples a second, and memory; the work done must be the work asked for."""
    with contestant.job(steps) as job:
        peak = job.peak_memory_mib()
        report = contestant.report(job.events())
        if (report["steps"], report["samples"]) != (steps, steps * batch):
            job.fail(f"did {report['steps']} steps on {report['samples']} samples instead of {steps} on {steps * batch}")
        return {"samples_per_s": report["samples_per_s"], "first_step_s": report["first_step_at"] - job.started_at,
                "memory_mib": peak, "loss": report["loss"]}


def kill(contestant, rank):
    """Seconds from `kill -9` of a rank in mid-training to the end of the job's last process, and the line that tells."""
    with contestant.job(killable_steps) as job:
        while len(ranks := contestant.ranks(job)) < 2:
            if job.wait(0.1):
                job.fail("ended before a rank could be killed")
        before = job.output().splitlines()
        os.kill(ranks[rank], signal.SIGKILL)
        start = time.monotonic()
        while processes() and time.monotonic() - start < kill_limit:
            job.wait(0.005)
        seconds = time.monotonic() - start
        said = [line for line in job.output().splitlines() if line not in before]
        return {f"kill_rank_{rank}_s": seconds, f"told_{rank}": line_that_names(rank, said)}


def line_that_names(rank, lines):
    """The first line in which this rank occurs, however written; "" if none. Of an event, its reason."""
    for line in lines:
        text = json.loads(line).get("reason", "") if line.startswith('{"event"') else line.strip()
        if re.search(rf"\brank\s*[:=]?\s*{rank}\b", text, re.IGNORECASE):
            return text
    return ""


def check_losses(results):
    """The orders of the samples differ, so the losses can only be of the same order."""
    losses = {name: median(rows, "loss") for name, rows in results.items()}
    if max(losses.values()) > 2 * min(losses.values()):
        sys.exit(f"this is not the same work: the training losses are {losses}")


def ddp():
    """2 ranks x 1 thread on the MNIST network, global batch 64, fp32; and the end of a job of which a rank is killed."""
    contestants = {
        "runner, 2 ranks x 1 thread": Runner("{name: ddp, device: cpu, devices: 2, threads: 1}"),
        "runner, 1 rank x 2 threads": Runner("{name: single, device: cpu, threads: 2}"),
        "PyTorch tensor loop + DDP, torchrun": Peer("ddp_loop.py", *torchrun),
        "PyTorch Lightning, ddp": Peer("lightning_ddp.py"),
    }
    for contestant in contestants.values():
        train(contestant, 2 * warm)  # fills caches
    results = interleave({name: partial(train, it, steps) for name, it in contestants.items()})
    table(results, ["samples_per_s", "first_step_s", "memory_mib", "loss"])
    check_losses(results)

    del contestants["runner, 1 rank x 2 threads"]
    killed = interleave({name: lambda it=it: kill(it, 1) | kill(it, 0) for name, it in contestants.items()})
    table(killed, ["kill_rank_1_s", "kill_rank_0_s"])
    for rank in (1, 0):
        print(f"\nnames rank {rank} after its kill")
        for name, rows in killed.items():
            told = [row[f"told_{rank}"] for row in rows if row[f"told_{rank}"]]
            print(f"  {name:42} {len(told)} of {len(rows)}" + (f": {told[0][:120]}" if told else ""))
