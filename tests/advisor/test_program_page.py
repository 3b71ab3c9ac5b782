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
    assert "1 to 10 of 14" in read(client, address)
    assert "11 to 14 of 14" in read(client, f"{address}?making=2")
    assert "1 to 10 of 14" in read(client, f"{address}?making=nonsense")


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
    assert client.get("/programs/").status_code == 404
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
    assert len(few) == len(many) <= 4


def test_a_program_that_names_a_term_that_is_gone_leads_back_to_the_form(client, desk):
    program = Program.objects.create(profile={"stage": "phase-1", "services": ["formulation-old"]})
    response = client.get(program.get_absolute_url())
    assert response.status_code == 409
    page = response.content.decode()
    assert "formulation-old" in page
    assert f"/programs/new/?from={program.token}" in page
    assert client.get(f"/programs/new/?from={program.token}").status_code == 200
