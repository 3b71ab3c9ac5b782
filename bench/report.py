"""What was measured, as docs/benchmarks.md shows it."""

import importlib.metadata
import os
import platform
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.engine import PROFILE, SELECTION

TARGETS = (
    "Facets and page 1 ms at 100,000 vendors and 10 ms at 1,000,000. Under 40 bytes of bits a vendor. Snapshot under 5 s at 100,000. "
    "Whole list page at 100,000 at most 1.5 times the time at 1,000, with as many queries. Advice under 10 ms at 240 vendors and under "
    "150 ms at 100,000; ranking under 5 ms at 100,000; under 300 MB at 100,000."
)


BROWSER = "## In a browser"


def written(found: Mapping[str, Any]) -> str:
    """The whole report but for the section on the browser, which is measured and renewed by itself."""
    return "\n\n".join([*head(found), *engine(found["engine"]), *pages(found["pages"]), *peers(found["peers"], found["rankers"])]) + "\n"


def renew(file: Path, section: str = "") -> None:
    """Put the section on the browser at the end of the report, in the place of the one that was there."""
    rest = file.read_text(encoding="utf-8").split(BROWSER)[0].rstrip()
    file.write_text(f"{rest}\n\n{section.strip()}\n", encoding="utf-8")


def kept(file: Path) -> str:
    """The section on the browser that stands in the report."""
    _, title, section = file.read_text(encoding="utf-8").partition(BROWSER) if file.exists() else ("", "", "")
    return title + section


def in_browser(found: Mapping[str, Any], load: Iterable[float]) -> str:
    """The section on the browser."""
    rows = []
    for name, kinds in found["pages"].items():
        desk, phone = kinds["desk"], kinds["phone"]
        rows.append(
            (
                name,
                f"{desk['bytes'] / 1000:.0f} kB",
                f"{desk['requests']:.0f}",
                *(shown(one[measure]) for measure in ("painted", "blocked") for one in (desk, phone)),
                f"{desk['moved']:.3f}, {phone['moved']:.3f}",
            )
        )
    titles = ("Page", "Transferred", "Requests", "Largest paint", "… phone", "Blocked", "… phone", "Shift, desk and phone")
    return "\n\n".join(
        (
            BROWSER,
            (
                "Written by `make bench-pages`: Chromium against the server of `make run` with the real catalogue, without a cache, the "
                "middle of three runs, on this machine. Phone: 390 px, with Lighthouse’s slow 4G (150 ms, 1.6 Mbit/s) and a processor "
                "four times slower. Largest paint: when the largest text or drawing stood on the screen, from the click. Blocked: how "
                "long script and layout kept the page from answering, beyond 50 ms a task. Shift: Chromium’s score of what moved without "
                "being touched. What the tests hold: shift under 0.01 on every page, styles and scripts together at most 60 kB, the "
                "first page under 100 kB."
            ),
            f"Chromium {found['chromium']}. Load when it began (1, 5, 15 minutes): {', '.join(f'{number:.1f}' for number in load)}.",
            table(titles, rows),
        )
    )


def table(titles: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    titles = list(titles)
    lines = [titles, ["---", *["---:"] * (len(titles) - 1)], *([str(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def shown(milliseconds: float) -> str:
    if milliseconds >= 1_000:
        return f"{milliseconds / 1_000:,.1f} s"
    return f"{milliseconds:.0f} ms" if milliseconds >= 100 else f"{milliseconds:.1f} ms" if milliseconds >= 10 else f"{milliseconds:.2f} ms"


def both(time: Mapping[str, Any]) -> str:
    """Of the clock, and of the processor."""
    return f"{shown(time['least'])} ({shown(time['processor'])})"


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def size_name(size: int, vendors: int) -> str:
    return f"{vendors:,}" if size else f"{vendors:,} (the real catalogue)"


def head(found: Mapping[str, Any]) -> list[str]:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("numpy", "django"))
    load = ", ".join(f"{number:.1f}" for number in found["load"])
    return [
        "# Speed and memory",
        (
            "Written by `make bench`; `make bench SIZES=1000,10000` measures other sizes and prints them without writing this file. "
            "Every step runs in a process of its own on one processor."
        ),
        (
            f"Machine: {processor()}, {os.cpu_count()} processors; {platform.system()}, Python {platform.python_version()}, {versions}, "
            f"SQLite {sqlite3.sqlite_version}. Load when it began (1, 5, 15 minutes): {load}."
        ),
        (
            "Times are the least of up to twenty runs, of the clock and, in brackets, of the processor; on a machine that "
            "is busy with other "
            "things the second says more. Made-up catalogues start each vendor from a real one and change a tenth of its terms, so that "
            "terms are as frequent, and as often together, as in the real catalogue."
        ),
        f"What we aim at: {TARGETS}",
    ]


def engine(found: Mapping[Any, Any]) -> list[str]:
    facets = [
        (size_name(size, one["vendors"]), f"{one['terms']:.1f}", f"{one['bits']:.1f}", f"{one['left']:,}",
         both(one["facets unfiltered"]), both(one["facets"]))
        for size, one in found.items()
    ]  # fmt: skip
    advice = [
        (
            size_name(size, one["vendors"]),
            both(one["rank"]),
            both(one["first advice"]),
            both(one["advice"]),
            f"{one['memory']['now']:.0f} MB",
        )
        for size, one in found.items()
    ]
    return [
        "## Facets in the engine",
        (
            f"The figure beside every choice of every filter and the first 25 vendors of a list, with {SELECTION} chosen; "
            "and the figures alone "
            "with nothing chosen. Bytes: the bits in use, of the terms that somebody has."
        ),
        table(("Vendors", "Terms a vendor", "Bytes of bits a vendor", "Vendors left", "Nothing chosen", "Two filters and page"), facets),
        "## Advice in the engine",
        (
            f"The example of the design ({PROFILE['name']}), which needs both lanes. Ranking: both lanes, the first 25 of "
            "each. Advice: partner "
            "model, both lanes, 1,000 samples of the weights for the first 50, nearest flip, first five matches with their reasons, team, "
            "questions. Memory: of the whole process after it, generator included."
        ),
        table(("Vendors", "Ranking both lanes", "Advice, first time", "Advice", "Memory"), advice),
    ]


def pages(found: Mapping[Any, Any]) -> list[str]:
    if not found:
        return []
    builds = [
        (f"{one['vendors']:,}", both(one["snapshot"]), f"{one['memory after']:.0f} MB", f"{one['peak']:.0f} MB") for one in found.values()
    ]
    names = list(next(iter(found.values()))["pages"])
    times = [
        (
            name,
            *(both(one["pages"][name]["time"]) for one in found.values()),
            ", ".join(str(one["pages"][name]["queries"]) for one in found.values()),
        )
        for name in names
    ]
    return [
        "## The snapshot",
        (
            "Built from an SQLite file; memory is of the whole process with Django, afterwards and at most. After the "
            "first, it is built beside the readers."
        ),
        table(("Vendors", "Built in", "Memory", "At most"), builds),
        "## Pages",
        "Whole pages through Django's test client, middleware and templates included, on SQLite. Queries: at each size.",
        table(("Page", *(f"{one['vendors']:,}" for one in found.values()), "Queries"), times),
    ]


def peers(found: Mapping[Any, Any], rankers: Mapping[Any, Any]) -> list[str]:
    texts = []
    for size, one in found.items():
        rows = [(name, both(time) if isinstance(time, Mapping) else time) for name, time in one.items()]
        texts += [
            f"## Others, facets at {size:,} vendors",
            (
                "The same question, the same figures (checked before a time counts), the same single processor. Datasette "
                "counts within the whole "
                "selection only, and of one filter less, which is less work."
            ),
            table(("Who", "Time"), rows),
        ]
    for size, one in rankers.items():
        rows = [
            (name, both(time) if isinstance(time, Mapping) else time) for name, time in one.items() if name not in {"vendors", "criteria"}
        ]
        texts += [
            f"## Others, ranking at {size:,} vendors",
            (
                f"One lane, {one['vendors']:,} candidates, {one['criteria']} criteria. The others are handed the values ready "
                "made and give an order "
                "only; ours works the values out from the bits, with what is possible beside what is known."
            ),
            table(("Who", "Time"), rows),
        ]
    return texts
