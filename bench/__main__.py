"""Measures speed and memory over made-up catalogues, and others who do the same work beside ours.

python -m bench [--sizes 1000,10000,100000,1000000] [--write docs/benchmarks.md]

Every step runs in a process of its own on one processor, so that none warms another's caches or counts another's memory.
"""

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SIZES = "1000,10000,100000,1000000"
MOST_IN_DATABASE = 100_000  # filling a database with a million takes longer than all the rest
STEPS = ("engine", "fill", "pages", "peers", "rankers")


def step(name: str, size: int, environment: Mapping[str, str]) -> dict[str, Any]:
    """Run one step in a process of its own, and read what it found."""
    print(f"{name}, {size:,} vendors" if size else f"{name}, the real catalogue", file=sys.stderr, flush=True)
    command = [sys.executable, "-W", "ignore", "-m", "bench", "--step", name, "--sizes", str(size)]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The step {name} over {size:,} vendors failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def run_step(name: str, size: int) -> None:
    from bench import engine, pages, peers

    work = {"engine": engine.measure, "fill": pages.fill, "pages": pages.measure, "peers": peers.facets, "rankers": peers.ranking}
    print(
        json.dumps(work[name](size), default=lambda value: dataclasses.asdict(value) if dataclasses.is_dataclass(value) else float(value))
    )


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__.split("\n", 1)[0])
    asked.add_argument("--sizes", default=SIZES, help=f"numbers of vendors, separated by commas (default: {SIZES})")
    asked.add_argument("--write", type=Path, help="the file to write; printed only when it is not given")
    asked.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    options = asked.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.step:
        run_step(options.step, sizes[0])
        return
    from bench import pages, report

    found: dict[str, Any] = {"load": os.getloadavg(), "engine": {}, "pages": {}, "peers": {}, "rankers": {}}
    for size in [0, *sizes]:
        found["engine"][size] = step("engine", size, {})
    with tempfile.TemporaryDirectory(prefix="crossmatch-bench-") as folder:
        for size in sizes:
            if size <= MOST_IN_DATABASE:
                where = pages.database(Path(folder), size)
                step("fill", size, where)
                found["pages"][size] = step("pages", size, where)
    compared = max((size for size in sizes if size <= MOST_IN_DATABASE), default=0)
    if compared:
        found["peers"][compared] = step("peers", compared, {})
        found["rankers"][compared] = step("rankers", compared, {})
    text = report.written(found)
    print(text)
    if options.write:
        section = report.kept(options.write)
        options.write.write_text(text, encoding="utf-8")
        report.renew(options.write, section)


if __name__ == "__main__":
    main()
