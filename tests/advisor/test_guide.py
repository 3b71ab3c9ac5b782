import json

import pytest

from advisor import guide
from advisor.engine.references import REFERENCES
from advisor.models import GuideEntry
from tests.engine.builders import FIXTURES


def test_the_page_has_the_table_with_its_four_rows_and_three_kinds(client, guide_rows):
    page = client.get("/guide/").content.decode()
    for words in ("Main focus", "Key services", "Stage involved", "Ideal client"):
        assert words in page
    assert page.count('<th scope="col"') == 3


def test_the_guide_is_credited_and_its_contradictions_are_noted(client, guide_rows):
    page = client.get("/guide/").content.decode()
    assert REFERENCES["guide"].url in page
    assert "CellCarta" in page
    for entry in GuideEntry.objects.filter(section="contradiction"):
        assert f'id="{entry.slug}"' in page
        assert any(f'href="#{entry.slug}"' in page for _ in entry.about)


def test_the_page_takes_one_query_beside_the_one_that_tells_whether_it_changed(client, guide_rows, count_queries):
    with count_queries() as queries:
        client.get("/guide/")
    assert len(queries) == 2


def test_loading_again_keeps_what_a_curator_wrote_when_asked_to(guide_rows):
    GuideEntry.objects.filter(slug="main-focus").update(title="Ours")
    assert guide.load(FIXTURES / "guide.json", only_new=True) == (0, 0)
    assert GuideEntry.objects.get(slug="main-focus").title == "Ours"
    assert guide.load(FIXTURES / "guide.json") == (0, 1)
    assert GuideEntry.objects.get(slug="main-focus").title == "Main focus"


def test_an_entry_that_rests_on_an_unknown_source_is_refused(db, tmp_path):
    data = json.loads((FIXTURES / "guide.json").read_text(encoding="utf-8"))
    data["entries"][0]["sources"] = ["hearsay"]
    file = tmp_path / "guide.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ValueError, match="hearsay"):
        guide.load(file)
    assert not GuideEntry.objects.exists()
