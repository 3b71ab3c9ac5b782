"""From the advice to a decision on record, and to a file that is known again."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from advisor import records, versions
from tests.engine.builders import profile
from tests.every_page import EXAMPLE


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_decision_is_written_frozen_and_confirmed(whole_portal, new_page, script):
    made = versions.new_program(profile(**EXAMPLE))
    made.shortlist.create(vendor="lonza", vendor_name="Lonza", position=1, status="chosen", reason="A free slot in March.")
    page = new_page(java_script_enabled=script)
    page.goto(made.get_absolute_url())
    page.get_by_role("navigation", name="This program").get_by_role("link", name="Documents").click()
    page.get_by_role("link", name="Write a decision record").click()
    page.get_by_label("Mitigations").fill("A second source for the payload.")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("status").filter(has_text="Saved as a draft.")).to_be_visible()
    page.get_by_label("Why not the first of the order").fill("They know our assay.")
    page.get_by_role("button", name="Freeze as record 1").click()
    expect(page.get_by_role("heading", name="Documents")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Record 1 as PDF").click()
    verdict = records.verify(Path(taken.value.path()).read_bytes())
    assert verdict.outcome == "confirmed"
    assert verdict.lines[0].startswith("Decision record 1 of program")
