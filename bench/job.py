"""A command with all the processes that come of it: watched, measured, and none left behind."""
import ctypes
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Orphans become children of this process: everything a job started stays in sight, whoever of it ends first.
PR_SET_CHILD_SUBREAPER = 36
if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
    sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")


def processes():
    """Ids of the processes below this one that have not ended, in the order of their ids."""
    children, ended = {}, set()
    for process in sorted(int(entry) for entry in os.listdir("/proc") if entry.isdigit()):
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:  # gone meanwhile
            continue
        state, parent, threads = fields[0], int(fields[1]), int(fields[17])
        children.setdefault(parent, []).append(process)
        if state in "ZX" and threads <= 1:
            ended.add(process)
    found, parents = set(), [os.getpid()]
    while parents:
        # Also below a zombie: a process whose first thread has ended keeps its children until all have.
        below = children.get(parents.pop(), [])
        found.update(below)
        parents += below
    return sorted(found - ended)


def memory_mib():
    """Memory of the processes below this one (PSS: a page that several share is counted once)."""
    total = 0
    for process in processes():
        try:
            pss = re.search(r"^Pss: +(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
        except OSError:
            continue
        total += int(pss[1]) if pss else 0
    return total / 1024


def end_all():
    """Ends every process below this one, at once, and waits until they are gone."""
    while alive := processes():
        for process in alive:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.01)
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass


class Job:
    """Runs one command in a folder of its own while the `with` lasts. One at a time."""

    def __init__(self, command, variables=None):
        self._command = [str(word) for word in command]
        self._variables = variables

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        self._out, self._err = (Path(self._folder.name) / name for name in ("stdout", "stderr"))
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.started_at = time.time()
            # In a session of its own: Ctrl-C reaches this process alone, and end_all() ends the job.
            self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                             cwd=self._folder.name, env=self._variables, start_new_session=True)
            self.pid = self._process.pid
        return self

    def __exit__(self, *_):
        end_all()
        self._process.wait()
        self._folder.cleanup()

    def wait(self, seconds):
        """True when the command has ended, after at most this time."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def peak_memory_mib(self, limit=900):
        """Waits for the command to end; the largest sum of its processes' memory, looked at twice a second."""
        peak = 0
        while not self.wait(0.5):
            peak = max(peak, memory_mib())
            if time.time() - self.started_at > limit:
                self.fail(f"has not ended in {limit} s")
        if self._process.returncode != 0:
            self.fail(f"ended with code {self._process.returncode}")
        return peak

    def output(self):
        return self._out.read_text(errors="replace") + self._err.read_text(errors="replace")

    def events(self):
        """The JSON objects that were printed so far, one a line."""
        lines = self._out.read_text(errors="replace").splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("\n")]

    def fail(self, what):
        sys.exit(f"{' '.join(self._command)}\n{what}:\n{self.output()[-3000:]}")
