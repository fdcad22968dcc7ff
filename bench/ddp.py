"""Two ranks on two cores: how fast, in how much memory, and how a job ends when one of its ranks is killed."""
import json
import os
import re
import signal
import sys
import time
from functools import partial
from pathlib import Path

from job import processes
from measure import interleave, say, table
from setting import steps, warm
from training import Peer, Runner, check_losses, script, train

torchrun = "-m torch.distributed.run --standalone --nproc-per-node=2".split()
killable_steps = 900  # less than an epoch, and far more than a kill waits for
kill_limit = 60  # seconds after which a job counts as one that does not end


class Ranks(Runner):
    def ranks(self, job):
        if not any(step >= warm for step in self.losses(job.events())):
            return {}
        workers = Path(f"/proc/{job.pid}/task/{job.pid}/children").read_text().split()  # in the order of their start
        return {rank: int(process) for rank, process in enumerate(workers)}


class PeerRanks(Peer):
    def ranks(self, job):
        return {event["rank"]: event["pid"] for event in job.events() if "pid" in event}


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


def ddp():
    """2 ranks x 1 thread on the MNIST network, global batch 64, fp32; and the end of a job of which a rank is killed."""
    contestants = {
        "runner, 2 ranks x 1 thread": Ranks("topology={name: ddp, device: cpu, devices: 2, threads: 1}"),
        "runner, 1 rank x 2 threads": Ranks("topology={name: single, device: cpu, threads: 2}"),
        "PyTorch tensor loop + DDP, torchrun": PeerRanks(script("ddp_loop.py", *torchrun), threads=1),
        "PyTorch Lightning, ddp": PeerRanks(script("lightning_ddp.py"), threads=1),
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
        say(f"\nnames rank {rank} after its kill")
        for name, rows in killed.items():
            told = [row[f"told_{rank}"] for row in rows if row[f"told_{rank}"]]
            say(f"  {name:42} {len(told)} of {len(rows)}" + (f": {told[0][:120]}" if told else ""))
