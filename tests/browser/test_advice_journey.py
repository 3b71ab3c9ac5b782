"""The main job, the way a sponsor does it: from home to the list, a vendor, the intake and the advice."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from advisor.models import Program

SAMPLES = Path(__file__).resolve().parents[1] / "samples"


def walk(page):
    page.goto("/")
    page.get_by_role("link", name="Vendors", exact=True).first.click()
    page.get_by_role("checkbox", name="Antibody-drug conjugate").check()
    page.get_by_role("button", name="Show").first.click()
    expect(page.get_by_role("link", name="BSP Pharmaceuticals")).to_be_visible()
    page.get_by_role("link", name="BSP Pharmaceuticals").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("BSP Pharmaceuticals")
    page.get_by_role("link", name="Describe a program").first.click()
    page.get_by_label("Working title").fill("ADC-101 first in human")
    page.get_by_label("Stage now").select_option("Phase 1")
    page.get_by_label("Through stage").select_option("Phase 2")
    page.get_by_label("Modality").select_option("Antibody-drug conjugate")
    page.get_by_label("Oncology").check()
    page.get_by_role("button", name="Save and go on to: what is needed").click()
    # What is proposed comes ticked; two are wanted, the rest is struck.
    expect(page.get_by_text("The payload is highly potent.")).to_be_visible()
    for box in page.get_by_role("checkbox", name="needed from a partner", checked=True).all()[::-1]:
        box.uncheck()
    page.get_by_label("Bioconjugation and ADCs: needed from a partner").check()
    page.get_by_label("Clinical operations and monitoring: needed from a partner").check()
    page.get_by_role("button", name="Save and go on to: where, and what is a must").click()
    page.get_by_label("Countries").fill("US, Germny")
    page.get_by_role("button", name="Get advice").click()
    expect(page.get_by_role("alert")).to_contain_text("Did you mean Germany?")
    page.get_by_label("Countries").fill("US, Germany")
    page.get_by_role("button", name="Get advice").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "A CRO for clinical operations and monitoring; a CDMO for bioconjugation and ADCs."
    )
    expect(page.get_by_role("heading", name="Who can make it", level=2)).to_be_visible()
    expect(page.get_by_role("columnheader", name="CDMO (recommended)")).to_be_attached()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_home_to_advice(whole_portal, new_page, page_problems, script):
    page = new_page(java_script_enabled=script)
    walk(page)
    # The refused form is answered with 422, which Chromium reports as a failed load.
    page_problems[:] = [problem for problem in page_problems if "422" not in problem]


def test_a_draft_is_found_again_in_another_browser(whole_portal, new_page):
    page = new_page()
    page.goto("/programs/new/")
    page.get_by_label("Working title").fill("Half done")
    page.get_by_label("Stage now").select_option("Phase 2")
    page.get_by_role("button", name="Save and go on to: what is needed").click()
    expect(page.get_by_role("heading", name="2 What is needed")).to_be_in_viewport()
    page.get_by_role("button", name="3 Where, and what is a must").click()
    page.get_by_label("Countries").fill("Narnia")
    page.get_by_role("button", name="1 The program").click()
    expect(page.get_by_label("Working title")).to_have_value("Half done")

    other = new_page(java_script_enabled=False)
    other.goto(page.url)
    expect(other.get_by_label("Working title")).to_have_value("Half done")
    expect(other.get_by_label("Stage now")).to_have_value("phase-2")
    expect(other.get_by_role("button", name="3 Where, and what is a must 1 to correct")).to_be_visible()
    other.get_by_role("button", name="3 Where, and what is a must").click()
    expect(other.get_by_label("Countries")).to_have_value("Narnia")
    expect(other.get_by_text("“Narnia” is not a country known here")).to_be_visible()


def test_what_the_answers_imply_shows_as_they_change(whole_portal, new_page):
    page = new_page()
    page.goto("/programs/new/")
    page.evaluate("window.stillHere = true")
    expect(page.locator("#so-far")).to_contain_text("Choose the stage")
    page.get_by_label("Stage now").select_option("Phase 1")
    page.get_by_label("Modality").select_option("mRNA")
    expect(page.locator("#so-far")).to_contain_text("a CDMO for")
    expect(page.locator("#so-far li")).to_have_count(6)
    page.locator("#work > summary").click()
    box = page.get_by_label("mRNA and lipid nanoparticles: needed from a partner")
    expect(box).to_be_checked()
    box.uncheck()
    expect(page.locator("#so-far")).to_contain_text("11 services named")
    expect(box).not_to_be_checked()
    assert page.evaluate("window.stillHere"), "the page was loaded anew"
    assert page.url.endswith("/programs/new/")


def test_an_answer_given_while_the_first_is_looked_at_still_proposes_services(whole_portal, new_page):
    page = new_page()
    # The modality changes just as what the stage implies comes back.
    page.add_init_script("""
        const ask = window.fetch;
        let first = true;
        window.fetch = async (...asked) => {
          const answer = await ask(...asked);
          if (first) {
            first = false;
            const modality = document.querySelector("[name=modality]");
            modality.value = "mrna";
            modality.dispatchEvent(new Event("change", { bubbles: true }));
          }
          return answer;
        };
    """)
    page.goto("/programs/new/")
    page.get_by_label("Stage now").select_option("Phase 1")
    expect(page.locator("#so-far")).to_contain_text("a CDMO for")
    page.locator("#work > summary").click()
    expect(page.get_by_label("mRNA and lipid nanoparticles: needed from a partner")).to_be_checked()


def test_what_the_answers_imply_is_shown_without_script(whole_portal, new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/programs/new/")
    page.get_by_label("Stage now").select_option("Phase 1")
    page.get_by_label("Modality").select_option("mRNA")
    page.get_by_role("button", name="Show what this implies so far").click()
    expect(page.locator("#so-far")).to_contain_text("a CDMO for")
    page.locator("#work > summary").click()
    expect(page.get_by_label("mRNA and lipid nanoparticles: needed from a partner")).to_be_checked()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_registered_trial_is_a_start(whole_portal, new_page, script):
    page = new_page(java_script_enabled=script)
    page.goto("/programs/new/")
    page.get_by_text("Start from a registered trial").click()
    page.get_by_label("file of its record").set_input_files(SAMPLES / "trial-adc-phase-1-2.json")
    page.get_by_role("button", name="Fill in from the trial").click()
    expect(page.get_by_text("From NCT99990001, phases: phase 1 and phase 2.").first).to_be_visible()
    expect(page.get_by_label("Modality")).to_have_value("antibody-drug-conjugate")
    page.get_by_label("Working title").fill("Ours")
    page.get_by_label("Through stage").select_option("Phase 3")
    page.get_by_role("button", name="Get advice").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("a CDMO for")
    origins = Program.objects.get().origins
    assert (origins["stage"]["from"], origins["name"]["from"], origins["through"]["from"]) == ("registry", "typed", "typed")


def test_the_intake_is_filled_and_sent_by_keyboard(whole_portal, page):
    page.goto("/programs/new/")
    reach(page, "name")
    page.keyboard.type("By hand")
    reach(page, "stage")
    page.keyboard.type("Phase 1")
    reach(page, "modality")
    page.keyboard.type("mRNA")
    # Enter in a field goes on, and loses nothing.
    page.get_by_label("Working title").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#work[open]")).to_be_visible()
    reach(page, "services")
    page.keyboard.press("Space")
    expect(page.locator("[name=services]:focus")).not_to_be_checked()
    reach(page, "go", text="Save and go on to: where")
    page.keyboard.press("Enter")
    expect(page.locator("#places[open]")).to_be_visible()
    reach(page, "countries")
    page.keyboard.type("US")
    reach(page, "", text="Get advice")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("a CDMO for")
    assert Program.objects.get().versions.get().profile["countries"] == ["US"]


def reach(page, name, text=""):
    """Press Tab until the field, or the button with a text, has the focus; the focus has to be visible on the way."""
    for _ in range(150):
        page.keyboard.press("Tab")
        at = page.evaluate("[document.activeElement.name ?? '', document.activeElement.textContent]")
        if at[0] == name and text in at[1]:
            return
    pytest.fail(f"Tab never leads to {name or text}")


def test_a_change_is_tried_out_in_place(whole_portal, new_page):
    page = new_page()
    page.goto("/programs/new/")
    page.get_by_label("Stage now").select_option("Phase 1")
    page.get_by_label("Modality").select_option("mRNA")
    page.get_by_role("button", name="Get advice").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("a CDMO for")
    page.evaluate("window.stillHere = true")
    for name in ("Clinical operations and monitoring", "First-in-human and phase 1 unit"):
        page.locator("#what-if").get_by_label(name).uncheck()
    expect(page.get_by_role("heading", name="Tried out, not stored")).to_be_visible()
    page.locator("#what-if").get_by_label("Stage now").select_option("Phase 3")
    expect(page.locator("#what-if").get_by_label("Through stage")).to_have_value("phase-3")
    expect(page.locator("#advice")).to_contain_text("phase 3")
    assert page.evaluate("window.stillHere"), "the page was loaded anew"
    assert "stage=phase-3" in page.url
    expect(page.locator("#renewed")).to_contain_text("CDMO")
    page.get_by_role("button", name="Keep it as the next version").click()
    expect(page.get_by_role("heading", name="Tried out, not stored")).to_have_count(0)
    expect(page.get_by_text("phase 3").first).to_be_visible()
