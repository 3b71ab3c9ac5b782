"""The browser that tests, measures and pictures share, and what it notices while a page loads."""

import os
import subprocess
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright

ROOT = Path(__file__).resolve().parent.parent
# Chromium calls home at every start; where it may not, the refusals would drown what a test wants to see.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
]
# What Lighthouse would look at: the largest paint, what moved without being touched, and how long script held the page up.
WATCH = """
window.noticed = { painted: 0, moved: 0, blocked: 0, movers: [] };
function watch(type, each) {
  new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
}
watch("largest-contentful-paint", (entry) => { noticed.painted = entry.startTime; });
watch("layout-shift", (entry) => {
  if (entry.hadRecentInput) return;
  noticed.moved += entry.value;
  noticed.movers.push(...entry.sources.map((source) => source.node?.outerHTML?.slice(0, 100) ?? "text"));
});
watch("longtask", (entry) => { noticed.blocked += Math.max(0, entry.duration - 50); });
"""


def launch(playwright: Playwright) -> Browser:
    path = os.environ.get("CHROMIUM") or subprocess.check_output([ROOT / "bin" / "find-chromium"], text=True)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    return playwright.chromium.launch(executable_path=path.strip(), args=flags)


def noticed(page: Page) -> dict[str, Any]:
    """What a page that was opened with WATCH has noticed so far: milliseconds, and the score of all shifts."""
    # Observers are told after the frame in which something happened.
    return page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(window.noticed))))")
