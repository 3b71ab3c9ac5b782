"""How long something takes, and how much memory the process has."""

import gc
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Time:
    """Milliseconds of the clock: the least of all runs and the middle one. processor: the least that the processor worked,
    which is what counts where the machine is busy with other things.
    """

    least: float
    median: float
    processor: float
    runs: int


def timed(work: Callable[[], object], *, most: int = 15, seconds: float = 3.0) -> Time:
    """Run it once unmeasured, then up to `most` times, or until so many seconds are spent."""
    work()
    gc.collect()
    runs: list[Time] = []
    while len(runs) < most and (len(runs) < 2 or sum(run.least for run in runs) < seconds * 1000):
        runs.append(once(work))
    taken = [run.least for run in runs]
    return Time(min(taken), statistics.median(taken), min(run.processor for run in runs), len(runs))


def once(work: Callable[[], object]) -> Time:
    """For what takes seconds and is done once."""
    start, worked = time.perf_counter(), time.process_time()
    work()
    took = (time.perf_counter() - start) * 1000
    return Time(took, took, (time.process_time() - worked) * 1000, 1)


def on_one_core() -> None:
    """Stay on one processor, and tell the libraries that count for themselves."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def peak_memory() -> float:
    """The most memory that this process ever had, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def memory() -> float:
    """What it has now, in MB; the peak where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * resource.getpagesize() / 2**20
    except OSError:
        return peak_memory()
