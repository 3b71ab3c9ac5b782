import re

import pytest

from advisor.models import Program
from tests.engine.builders import vendor


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_it_says_which_partners_and_why(client, desk, store):
    page = read(client, store(name="ABC-1", services=["formulation", "clinical-operations"]))
    assert "A CRO for clinical operations and monitoring; a CDMO for formulation development." in page
    assert "ABC-1" in page
    assert "Rule 3" in page
    assert "But:" in page
    assert "Not a CMO now" in page


def test_the_recommended_columns_of_the_guides_table_are_marked(client, desk, store):
    page = read(client, store(services=["formulation"]))
    assert re.findall(r'<th scope="col" class="(\w+)" data-fit>', page) == ["cdmo"]
    assert "you need formulation development" in page


def test_matches_stand_in_order_with_figures_and_reasons(client, desk, store):
    page = read(client, store(services=["formulation", "oral-solid-dose"]))
    assert page.index("Makers") < page.index("Quiet-Works")
    assert "Trialists" not in page
    assert "How the figure comes about" in page
    assert "Offers formulation development and oral solid dose." in page
    assert "None of the services you need is shown; ask about formulation development and oral solid dose." in page


def test_figures_of_a_match_add_up_on_the_page(client, desk, store):
    page = read(client, store(services=["formulation"]))
    tables = [part.partition("</table>")[0].partition("<tfoot>") for part in page.split("How the figure comes about")[1:]]
    assert len(tables) == 2
    for body, _, total in tables:
        rows = [[float(f) for f in re.findall(r'class="figure">([\d.]+)', row)] for row in body.split("</tr>")[1:-1]]
        sums = [float(f) for f in re.findall(r'class="figure">([\d.]+)', total)]
        assert [sum(column) for column in zip(*rows, strict=True)] == pytest.approx(sums, abs=0.05 * len(rows))


def test_proposed_services_are_marked_with_their_reason(client, desk, store):
    page = read(client, store(modality="antibody-drug-conjugate"))
    assert "Proposed. The payload is highly potent." in page


def test_the_order_is_paged_by_lane(client, desk, add_vendors, store):
    add_vendors(*(vendor(f"maker-{i:02}", services=["formulation"]) for i in range(12)))
    address = store(services=["formulation"])
    assert "1 to 5 of 14" in read(client, address)
    assert "11 to 14 of 14" in read(client, f"{address}?making=3")
    assert "1 to 14 of 14" in read(client, f"{address}?all=making")
    assert "1 to 5 of 14" in read(client, f"{address}?making=nonsense&all=nonsense")


def test_it_says_how_sure_the_order_is(client, desk, store):
    page = read(client, store(services=["formulation", "oral-solid-dose"]))
    assert "Makers comes first in 100 of 100 weightings" in page
    assert "place 1 to" in page
    # The sections stand in the order in which one reads: answer, who, how sure, what next.
    heads = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", page)
    assert [heads.index(words) for words in ("Who can make it", "How sure this is", "What next", "What was asked")] == sorted(
        heads.index(words) for words in ("Who can make it", "How sure this is", "What next", "What was asked")
    )
    assert heads[0].startswith("A CDMO for")
    steps = page[page.index('id="next"') : page.index('id="asked"')]
    assert [re.search(f'href="[^"]*{way}', steps) is not None for way in ("#what-if", "/shortlist/", "/documents/")] == [True] * 3


def test_the_team_is_drawn_and_what_nobody_covers_is_named(client, desk, store):
    page = read(client, store(services=["formulation", "oral-solid-dose", "viral-vector"]))
    assert "One vendor for 3 needs" in page
    assert "Nobody on record is known to cover:</b> Viral vector manufacturing" in page
    assert page.count("shown by a source") >= 2


def test_the_mark_of_what_is_shown_leads_to_the_source_that_shows_it(client, desk, add_vendors, store):
    pages = [{"title": "A page", "publisher": "Example", "published": None, "url": f"https://example.org/{fact}", "supports": [fact]}
             for fact in ("stages", "services")]  # fmt: skip
    add_vendors(vendor("well-read", services=["sterile-fill-finish"], stages=["phase-1"], sources=pages))
    page = read(client, store(services=["sterile-fill-finish"]))
    assert page.count('<a class="to-source" href="/vendors/well-read/#source-2">') == 1


def test_unknowns_that_could_change_the_order_become_questions(client, desk, add_vendors, store):
    add_vendors(vendor("second", services=["formulation", "oral-solid-dose"], stages=["phase-1"]))
    page = read(client, store(services=["formulation", "oral-solid-dose"]))
    asked = page[page.index('id="questions"') :]
    assert re.search(r">Second</a></b>\s*<ul><li>Which programs of this modality have you carried: small molecule\?", asked)
    assert "If shown, it would rise from 2 to 1." in asked


def test_a_preference_without_facts_becomes_a_question_and_moves_nothing(client, desk, store):
    services = {"services": ["formulation", "clinical-operations"]}
    page = read(client, store(**services, preferences={"style": "consultative", "staff": "biostatisticians"}))
    assert "advise us on the plan" in page
    assert "Are your biostatisticians employed" in page
    plain = read(client, store(**services))
    assert "advise us on the plan" not in plain


def test_a_change_is_tried_out_without_storing_it(client, desk, store):
    address = store(services=["formulation", "clinical-operations"])
    page = read(client, f"{address}?what_if=1&stage=phase-1&through=phase-1&services=formulation&priority_single_vendor=5")
    assert "Tried out, not stored" in page
    assert "<b>CRO+CDMO</b> becomes <b>CDMO</b>" in page
    assert "A CDMO for formulation development." in page
    assert Program.objects.count() == 1
    assert "Tried out" not in read(client, address)


def test_a_tried_out_change_is_kept_as_the_next_version(client, desk, store):
    address = store(services=["formulation"])
    response = client.post(f"{address}keep/?what_if=1&stage=phase-2&through=phase-2&services=formulation&add=bioanalysis")
    assert (response.status_code, response.url) == (302, address)
    program = Program.objects.get()
    first, second = program.versions.all()
    assert (first.profile["stage"], first.profile["services"]) == ("phase-1", ["formulation"])
    assert (second.profile["stage"], second.profile["services"]) == ("phase-2", ["formulation", "bioanalysis"])
    assert program.profile == second.profile


def test_keeping_without_a_change_stores_nothing(client, desk, store):
    address = store(services=["formulation"])
    assert client.post(f"{address}keep/").url == address
    assert Program.objects.count() == 1
    assert client.get(f"{address}keep/").status_code == 405


def test_a_change_that_makes_no_sense_is_told_and_the_advice_stays(client, desk, store):
    address = store(services=["formulation"])
    response = client.get(f"{address}?what_if=1&stage=phase-2&services=formulation&weight_services=-4")
    page = response.content.decode()
    assert response.status_code == 422
    assert "greater than or equal to 0" in page
    assert "A CDMO for formulation development." in page


def test_the_last_stage_goes_along_when_the_first_is_moved_past_it(client, desk, store):
    page = read(client, f"{store(services=['formulation'])}?what_if=1&stage=phase-3")
    assert "<del>phase 1</del> <ins>phase 3</ins>" in page


def test_the_sponsors_weights_change_the_order(client, desk, add_vendors, store):
    add_vendors(vendor("near-by", sites=[{"city": "Perth", "country": "AU", "what": ""}]))
    address = store(services=["formulation"], countries=["AU"])
    before = read(client, address)
    after = read(client, f"{address}?what_if=1&stage=phase-1&services=formulation&weight_countries=100&weight_services=1")
    assert before.index('id="making-makers"') < before.index('id="making-near-by"')
    assert after.index('id="making-near-by"') < after.index('id="making-makers"')


def test_a_close_call_says_what_would_decide_it(client, desk, store):
    page = read(client, store(stage="commercial", services=["mammalian-drug-substance", "scale-up"]))
    assert "Too close to call between" in page
    assert "What would decide it: without" in page


def test_two_programs_are_compared(client, desk, store):
    one, two = store(name="One", services=["formulation"]), store(name="Two", stage="phase-3", services=["clinical-operations"])
    page = read(client, f"/programs/compare/?a={one.split('/')[2]}&b=http://testserver{two}")
    assert "<b>CDMO</b> becomes <b>CRO</b>" in page
    assert "<del>phase 1</del> <ins>phase 3</ins>" in page
    assert client.get(f"/programs/compare/?a={one}&b=guess").status_code == 404
    assert "Compare" in read(client, "/programs/compare/")


def test_the_method_is_told_from_the_engines_own_data(client, db):
    page = read(client, "/guide/method/")
    assert page.count('<tr><th scope="row">') >= 14 + 11
    assert "no survey" in page


def test_nobody_needed_is_an_answer(client, desk, store):
    page = read(client, store(services=["formulation"], in_house=["formulation"]))
    assert "Nobody is needed" in page
    assert "data-fit" not in page


def test_a_must_have_that_is_not_known_is_to_confirm(client, desk, store):
    assert "GMP / cGMP: to confirm" in read(client, store(services=["formulation"], must_have={"accreditations": ["gmp"]}))


def test_what_a_sponsor_typed_is_escaped(client, desk, store):
    page = read(client, store(name="<script>alert(1)</script>", services=["formulation"]))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_page_is_kept_from_search_engines_caches_and_other_sites(client, desk, store):
    response = client.get(store(services=["formulation"]))
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_an_unknown_token_is_not_found(client, desk):
    assert client.get("/programs/guess/").status_code == 404


def test_programs_are_listed_nowhere(client, admin_client, desk, store):
    token = store(services=["formulation"]).split("/")[2]
    for address in ("/", "/vendors/", "/guide/", "/programs/new/", "/admin/"):
        assert token not in admin_client.get(address).content.decode()
    assert token not in admin_client.get("/programs/").content.decode()
    assert admin_client.get("/admin/advisor/program/").status_code == 404


def test_queries_do_not_grow_with_the_catalogue(client, desk, add_vendors, store, count_queries):
    address = store(services=["formulation", "clinical-operations"])
    client.get(address)
    with count_queries() as few:
        client.get(address)
    add_vendors(*(vendor(f"maker-{i:02}", services=["formulation"]) for i in range(30)))
    client.get(address)
    with count_queries() as many:
        client.get(address)
    assert len(few) == len(many) <= 6


def test_a_program_that_names_a_term_that_is_gone_leads_back_to_the_form(client, desk):
    program = Program.objects.create(profile={"stage": "phase-1", "services": ["formulation-old"]})
    response = client.get(program.get_absolute_url())
    assert response.status_code == 409
    page = response.content.decode()
    assert "formulation-old" in page
    assert f"/programs/{program.token}/edit/" in page
    assert client.get(f"/programs/{program.token}/edit/").status_code == 200
