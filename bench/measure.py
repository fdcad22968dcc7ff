"""Contestants in turn, and the table of what they reached."""
import os
import statistics
import sys

rounds = int(os.environ.get("BENCH_ROUNDS", "5"))
lines = []  # of the tables that were printed since the results were last written
ratios = {}  # {figure: {contestant: the first one's median to its median}}, since then


def say(line):
    print(line)
    lines.append(line)


def interleave(contestants):
    """Calls every contestant, then every contestant again, ...; the results of each."""
    results = {name: [] for name in contestants}
    for number in range(rounds):
        for name, run in contestants.items():
            results[name].append(run())
            print(f"round {number + 1}: {name}: {results[name][-1]}", file=sys.stderr)
    return results


def median(results, figure):
    return statistics.median(result[figure] for result in results)


def table(results, figures):
    """Median, min and max of each figure; the ratio is the first contestant's median to this one's."""
    names = list(results)
    for figure in figures:
        say(f"\n{figure:44} {'median':>9} {'min':>9} {'max':>9} {'ratio':>7}")
        first = median(results[names[0]], figure)
        for name in names:
            values = [result[figure] for result in results[name]]
            middle = median(results[name], figure)
            ratios.setdefault(figure, {})[name] = first / middle
            say(f"  {name:42} {middle:9.3f} {min(values):9.3f} {max(values):9.3f} {first / middle:7.3f}")
