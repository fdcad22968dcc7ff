"""What a rank of a distributed peer tells the bench, as JSON objects, one a line."""
import json
import os
import sys
import time


def say(**fields):
    sys.stdout.write(json.dumps(fields) + "\n")  # one write: ranks share the file
    sys.stdout.flush()


class Report:
    """Times the optimizer steps; after the 20th it says that this rank is under way, at the end what was reached."""

    def __init__(self, rank, ranks, warm=20):
        self._rank, self._ranks, self._warm = rank, ranks, warm
        self._times, self._losses, self._samples = [], [], 0

    def step(self, loss, samples):
        if len(self._times) + 1 == self._warm:
            loss.item()  # a GPU has done what it was told
        self._times.append(time.time())
        self._losses.append(loss.detach())
        self._samples += samples
        if len(self._times) == self._warm:
            self._warm_samples = self._samples
            say(rank=self._rank, pid=os.getpid())

    def end(self):
        if self._rank == 0:
            late = [loss.item() for loss in self._losses[-100:]]
            end = time.time() if self._losses[-1].is_cuda else self._times[-1]
            seconds = end - self._times[self._warm - 1]
            say(first_step_at=self._times[0], steps=len(self._times), samples=self._samples * self._ranks,
                samples_per_s=(self._samples - self._warm_samples) * self._ranks / seconds, loss=sum(late) / len(late))
