"""The partials that every page draws with: what they say in words, and what they draw."""

import re
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string

STAGES = [
    SimpleNamespace(slug=slug, name=name)
    for slug, name in (("discovery", "Discovery"), ("phase-1", "Phase 1"), ("post-marketing", "Post-marketing (phase 4)"))
]


def draw(name, **inputs):
    return render_to_string(f"partials/{name}.html", inputs)


@pytest.mark.parametrize("kind", ["CRO", "CMO", "CDMO"])
def test_a_type_is_a_mark_and_a_word(kind):
    drawn = draw("_type", type=kind)
    assert kind in re.sub(r"<[^>]+>", "", drawn)
    assert "<svg" in drawn
    assert len({draw("_type", type=other) for other in ("CRO", "CMO", "CDMO")}) == 3


def test_a_stage_strip_says_in_words_what_its_cells_show():
    drawn = draw("_stage_strip", stages=STAGES, served={"phase-1"}, needed={"phase-1", "post-marketing"}, type="CRO")
    assert 'aria-label="Stages shown by a source: Phase 1. Needed and not known: Post-marketing (phase 4)."' in drawn
    assert re.findall(r"<i(?: class=\"([a-z ]+)\")?[^>]*>(.)</i>", drawn) == [("", "D"), ("served needed", "1"), ("needed", "4")]


def test_a_stage_strip_without_a_program_needs_nothing():
    assert 'aria-label="No source shows a stage."' in draw("_stage_strip", stages=STAGES, served=set(), type="CMO")


def test_a_fit_bar_says_and_draws_both_figures():
    drawn = draw("_fit_bar", known=0.853, possible=1.0, type="CDMO")
    assert 'aria-label="85 of 100 shown by sources, up to 100 possible"' in drawn
    assert '<rect class="known" width="85.3%"' in drawn
    assert '<rect width="100.0%" height="100%" fill="url(#hatch-cdmo)"/>' in drawn


def test_the_hatch_of_every_type_is_on_every_page():
    page = render_to_string("404.html")
    for hue in ("cro", "cmo", "cdmo", "any"):
        assert page.count(f'id="hatch-{hue}"') == 1


@pytest.mark.parametrize("state, words", [("known", "shown by a source"), ("possible", "not known, ask"), ("no", "not hired for this")])
def test_a_coverage_mark_says_its_state(state, words):
    assert f'aria-label="{words}"' in draw("_cover_mark", state=state, type="CRO")


VENDORS = {slug: SimpleNamespace(slug=slug, name=slug.capitalize(), type=kind) for slug, kind in (("makers", "CDMO"), ("trialists", "CRO"))}


def test_a_coverage_matrix_names_every_cell_and_leads_to_the_sources():
    cells = [SimpleNamespace(vendor=VENDORS["makers"], state="known", address="/vendors/makers/#source-2"),
             SimpleNamespace(vendor=VENDORS["trialists"], state="none", address="")]  # fmt: skip
    open_ = [SimpleNamespace(vendor=vendor, state="possible", address="") for vendor in VENDORS.values()]
    lines = [SimpleNamespace(name="Formulation", cells=cells), SimpleNamespace(name="Stability", cells=open_)]
    drawn = draw("_coverage_matrix", coverage=SimpleNamespace(members=list(VENDORS.values()), lines=lines), caption="Who covers what")
    table = drawn[: drawn.index("</table>")]
    rows = [re.findall(r'aria-label="([^"]+)"', row) for row in re.findall(r'<tr><th scope="row">.*?</tr>', table, re.DOTALL)]
    assert rows == [["shown by a source", "not hired for this"], ["not known, ask", "not known, ask"]]
    assert re.findall(r'href="([^"]*#[^"]*)"', table) == ["/vendors/makers/#source-2"]
    assert re.findall(r'scope="(?:col|row)">(?:<a [^>]*>)?(\w+)', table) == ["Makers", "Trialists", "Formulation", "Stability"]


def test_robustness_says_in_figures_what_its_bars_and_ranges_draw():
    shown = SimpleNamespace(
        match=SimpleNamespace(rank=2, name="Makers", type="CDMO", shares=SimpleNamespace(first=0.29, top5=1.0)),
        shares=(29.0, 100.0),
        places=(1, 30),
    )
    drawn = draw("_robustness", matches=[shown], all=40, caption="How firm")
    assert re.findall(r'class="figure">([^<]+)<', drawn) == ["29", "100", "1 to 30"]
    assert re.findall(r'class="known"(?: x="([\d.%]+)" y="25%")? width="([\d.%]+)"', drawn) == [
        ("", "29.0%"),
        ("", "100.0%"),
        ("0.0%", "75.0%"),
    ]
    assert 'cx="3.8%"' in drawn
    assert drawn.count("<svg") == drawn.count('aria-hidden="true"') == 3
    assert "Place once all is known, 1 to 40" in drawn


def test_where_it_stands_raises_the_recommended_column_and_says_so():
    cell = {"type": "CDMO", "text": "Develops and makes", "fit": True, "note": "you need formulation"}
    other = {"type": "CRO", "text": "Runs studies", "fit": False, "note": ""}
    guide = {"url": "https://guide.example/", "publisher": "Guide", "title": "The table"}
    drawn = draw("_where_it_stands", caption="Where it stands", guide=guide, table=[{"title": "Main focus", "cells": [other, cell]}])
    assert drawn.count("data-fit") == 2
    assert re.search(r'<th scope="col" class="cdmo" data-fit>.*?<span class="heard"> \(recommended\)</span></th>', drawn, re.DOTALL)
    assert '<span class="note">you need formulation</span>' in drawn
    assert re.findall(r'data-label="(\w+)"', drawn) == ["CRO", "CDMO"]


class Sample(forms.Form):
    title = forms.CharField(help_text="Short.")
    areas = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple, help_text="Any.")
    stage = forms.ChoiceField(choices=[("", "Choose"), ("1", "One")])


@pytest.mark.parametrize("name", ["title", "areas", "stage"])
def test_help_and_error_of_a_field_are_tied_to_it(name):
    drawn = draw("_field", field=Sample({})[name])
    described = re.findall(r'[^"\s]+', re.findall(r'aria-describedby="([^"]+)"', drawn)[0])
    for each in described:
        assert f'id="{each}"' in drawn
    assert f"id_{name}_error" in described


@pytest.mark.parametrize("many, narrows", [(12, False), (13, True)])
def test_a_long_list_of_boxes_can_be_narrowed_down(many, narrows):
    class Long(forms.Form):
        areas = forms.MultipleChoiceField(choices=[(str(n), f"Area {n}") for n in range(many)], widget=forms.CheckboxSelectMultiple)

    drawn = draw("_field", field=Long()["areas"])
    assert ('<label class="heard" for="id_areas_narrow">Narrow down: areas</label>' in drawn) is narrows
    # It is never an answer of the form; that it is not there without script is seen in the browser.
    box = re.search(r'<div class="narrow[^>]*>.*?<input ([^>]*)>', drawn)
    assert (box is not None) is narrows
    assert not (box and "name=" in box[1])


def test_the_summary_of_errors_leads_to_the_fields():
    form = Sample({"title": "x" * 3})
    summary = draw("_error_summary", form=form)
    drawn = summary + "".join(draw("_field", field=field) for field in form)
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets == ["id_areas", "id_stage"]
    assert all(drawn.count(f'id="{target}"') == 1 for target in targets)
    assert draw("_error_summary", form=Sample({"title": "t", "areas": ["a"], "stage": "1"})).strip() == ""


def test_long_lists_of_pages_are_shortened():
    page = Paginator(range(500), 10).page(25)
    drawn = draw("_pagination", page=page, query="type=CRO&")
    assert re.findall(r">(?:<span class=\"heard\">Page </span>)?(\d+|…)<", drawn) == ["1", "…", "23", "24", "25", "26", "27", "…", "50"]
    assert 'href="?type=CRO&amp;page=24"' in drawn
    assert draw("_pagination", page=Paginator(range(5), 10).page(1), query="").strip() == ""
