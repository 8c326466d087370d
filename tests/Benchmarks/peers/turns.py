"""Times another library in turns with this one, which the environment variable OURS starts."""
import os
import statistics
import subprocess
import time

IN_CACHE, OUT_OF_CACHE = 65_536, 16_777_216
CLASSES = (2, 3, 5, 10, 16, 100, 256, 1000, 32000)
ours = subprocess.Popen([os.environ["OURS"], "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)


def time_ours(operation, classes, total, repetitions):
    ours.stdin.write(f"{operation} {classes} {total} {repetitions}\n")
    ours.stdin.flush()
    return float(ours.stdout.readline())


def time_theirs(call, repetitions):
    start = time.perf_counter_ns()
    for _ in range(repetitions):
        call()
    return (time.perf_counter_ns() - start) / repetitions


def ratio(call, operation, classes, total, rounds, repetitions):
    """The median of the other library's time divided by ours."""
    ratios = []
    for turn in range(-1, rounds):
        theirs, mine = time_theirs(call, repetitions), time_ours(operation, classes, total, 8 * repetitions)
        if turn >= 0:
            ratios.append(theirs / mine)
    return f"{statistics.median(ratios):.2f}"
