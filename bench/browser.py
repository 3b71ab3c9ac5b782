"""What a reader waits for: pages of a served portal, opened in Chromium without a cache.

bin/with-portal .venv/bin/python -m bench.browser [--write docs/benchmarks.md]

It runs in the environment of development, which has the browser; the other steps run in that of the peers.
"""

import argparse
import os
import statistics
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench import report
from bench.pages import start
from tests.chromium import WATCH, launch, noticed

MEASURED = ("home", "vendors", "vendors, filtered", "vendor", "comparison of three", "landscape", "guide", "intake", "result")
RUNS = 3
# The second is what Lighthouse takes for a phone: a slow 4G network, and a processor four times slower than the one at hand.
READERS: dict[str, dict[str, Any]] = {
    "desk": {"context": {"viewport": {"width": 1440, "height": 900}}, "slower": 1, "network": None},
    "phone": {
        "context": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True},
        "slower": 4,
        "network": {"offline": False, "latency": 150, "downloadThroughput": 1_638_400 / 8, "uploadThroughput": 750_000 / 8},
    },
}


def opened(browser: Browser, reader: dict[str, Any], address: str) -> dict[str, float]:
    """Open a page once, in a context without a past, and say what it cost."""
    context = browser.new_context(**reader["context"])
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": reader["slower"]})
    if reader["network"]:
        session.send("Network.emulateNetworkConditions", reader["network"])
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.add_init_script(WATCH)
    page.goto(address, wait_until="networkidle")
    found = {**noticed(page), "ready": ready(page), "bytes": sum(sizes), "requests": len(sizes)}
    context.close()
    return found


def ready(page: Page) -> float:
    return page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")


def measure(portal: str) -> dict[str, Any]:
    """`pages`: for each page and each kind of reader the middle of some runs, in milliseconds and bytes; `chromium`: its version."""
    start()
    from tests.every_page import PAGES

    # Stored before the browser starts: with it comes an event loop, in which Django would not speak to the database.
    places = {shown.name: shown.place() for shown in PAGES if shown.name in MEASURED}
    found: dict[str, dict[str, dict[str, float]]] = {name: {} for name in MEASURED}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name in MEASURED:
            opened(browser, READERS["desk"], portal + places[name])  # what the server makes once is made
            for kind, reader in READERS.items():
                runs = [opened(browser, reader, portal + places[name]) for _ in range(RUNS)]
                measures = ("painted", "moved", "blocked", "ready", "bytes", "requests")
                found[name][kind] = {measure: statistics.median(run[measure] for run in runs) for measure in measures}
        version = browser.version
        browser.close()
    return {"pages": found, "chromium": version}


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench.browser", description=__doc__.split("\n", 1)[0])
    asked.add_argument("--write", type=Path, help="the file whose section on the browser is renewed; printed only when it is not given")
    options = asked.parse_args()
    load = os.getloadavg()
    section = report.in_browser(measure(os.environ["PORTAL"]), load)
    print(section)
    if options.write:
        report.renew(options.write, section)


if __name__ == "__main__":
    main()
