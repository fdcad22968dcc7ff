"""What was measured, kept in RESULTS.md, and compared with what it has to be."""
import datetime
import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

from measure import lines, ratios, rounds
from setting import bench, binaries, root

file = bench / "RESULTS.md"
thresholds = json.loads((bench / "thresholds.json").read_text())
title = """# Results

Written by `./dev bench NAME`: each section is the last run of its benchmark. The ratio is the first contestant's median
to each one's, of contestants that ran in turn; figures of different sections may be of different machines.
"""


def machine():
    cpu = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{len(os.sched_getaffinity(0))} cores of {cpu[1] if cpu else platform.machine()}, {memory:.0f} GiB"


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, cwd=root).stdout.strip()


def section(name, about):
    commit = output_of("git", "describe", "--always", "--dirty")
    table = "\n".join(lines).strip("\n")
    return (f"## {name}\n{about}\n\n{datetime.date.today()}, commit {commit}, {output_of(binaries / 'runner', '--version')}, "
            f"LibTorch 2.11.0, {machine()}; {rounds} rounds.\n\n```text\n{table}\n```\n")


def write_results(name, about):
    """Puts the tables that were printed into this benchmark's section."""
    if lines:
        old = file.read_text().split("\n## ")[1:] if file.exists() else []
        sections = {text.split("\n", 1)[0]: f"## {text.rstrip()}\n" for text in old}
        sections[name] = section(name, about)
        file.write_text("\n".join([title, *(sections[each] for each in sorted(sections))]))
    lines.clear()


def check(name):
    """The ratios of a benchmark that are below what they have to be, each told on stderr; all are forgotten."""
    missed = []
    for figure, contestants in thresholds.get(name, {}).items():
        for contestant, least in contestants.items():
            ratio = ratios.get(figure, {}).get(contestant)
            if ratio is None:
                sys.exit(f"thresholds.json asks for {figure} of '{contestant}', which {name} did not measure")
            if ratio < least:
                missed.append(f"{name}: {figure}, against {contestant}: {ratio:.2f}, and at least {least} is wanted")
                print(f"bench: {missed[-1]}", file=sys.stderr)
    ratios.clear()
    return missed
