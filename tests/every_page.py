"""Every page that a reader can be shown, once: what all of them owe (access, security, weight) is tested over this list.

A page that is added to the portal is added here, and nowhere else.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from advisor import records, versions
from advisor.models import Program, ShortlistEntry
from portal.accounts import second_factor
from tests.engine.builders import profile
from vendors.models import Vendor

INTAKE = "/programs/new/"
EXAMPLE = {
    "name": "ADC-101 first in human", "stage": "phase-1", "through": "phase-2", "therapeutic_areas": ["oncology"],
    "modality": "antibody-drug-conjugate", "services": ["bioconjugation", "sterile-fill-finish", "clinical-operations"],
    "in_house": ["biostatistics"], "countries": ["US", "AU"],
    "must_have": {"accreditations": ["gmp"], "countries": []},
}  # fmt: skip


def program(**changes: Any) -> str:
    """The address of a saved program: the example of the design, with some answers changed."""
    return versions.new_program(profile(**{**EXAMPLE, **changes})).get_absolute_url()


@dataclass(frozen=True)
class Shown:
    """One page in one state. Its address may be made by a function, which first stores what the page is about."""

    name: str
    address: str | Callable[[], str]
    status: int = 200
    # How the page is asked for where getting its address does not do: a form that is sent, a failure that is provoked.
    ask: Callable[[Client, str], Any] | None = None
    # What the reader does on it, in a browser, before it is looked at.
    then: Callable[[Page], None] = field(default=lambda page: None)

    def __str__(self) -> str:
        return self.name

    def place(self) -> str:
        return self.address if isinstance(self.address, str) else self.address()

    def answered(self, client: Client, place: str) -> Any:
        return self.ask(client, place) if self.ask else client.get(place)


def sent(**answers: Any) -> Callable[[Client, str], Any]:
    return lambda client, place: client.post(place, answers)


def without_proof(client: Client, place: str) -> Any:
    return Client(enforce_csrf_checks=True).post(place)


def too_large(client: Client, place: str) -> Any:
    return client.post(place, {"name": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})


def too_often(client: Client, place: str) -> Any:
    with override_settings(POSTS_PER_HOUR={"advisor:new": 0}):
        return client.post(place)


def unreadable(client: Client, place: str) -> Any:
    return client.post(place, {"name": ["x"] * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)})


def failing(client: Client, place: str) -> Any:
    client.raise_request_exception = False
    with mock.patch("portal.views.snapshot.current", side_effect=RuntimeError("provoked by a test")):
        return client.get(place)


def collect(page: Page) -> None:
    page.get_by_role("checkbox", name=re.compile("^Compare ")).first.check()


def outdated() -> str:
    """A program that names a service which the vocabulary no longer has."""
    return Program.objects.create(name="From before", profile={**EXAMPLE, "services": ["phlebotomy"]}).get_absolute_url()


def on_result(then: str) -> Callable[[], str]:
    return lambda: program() + then


def naming_nobody(client: Client, place: str) -> Any:
    client.force_login(ada(), backend="django.contrib.auth.backends.ModelBackend")
    return client.post(place, {"named": "", "role": "viewer"})


def ada() -> User:
    return User.objects.get_or_create(username="ada", defaults={"email": "ada@sponsor.example"})[0]


def signed_in(client: Client, place: str) -> Any:
    client.force_login(ada(), backend="django.contrib.auth.backends.ModelBackend")
    return client.get(place)


def setting_up(client: Client, place: str) -> Any:
    second_factor.remove(ada())
    return signed_in(client, place)


def setting_up_wrongly(client: Client, place: str) -> Any:
    setting_up(client, place)
    return client.post(place, {"code": "000000", "password": "wrong"})


def with_app(client: Client, place: str) -> Any:
    second_factor.confirm(second_factor.candidate(ada()))
    client.force_login(ada(), backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["new_backup_codes"] = second_factor.new_backup_codes(ada())
    session.save()
    return client.get(place)


def between_password_and_code(client: Client, place: str) -> Any:
    user = ada()
    user.set_password("a long pass phrase")
    user.save()
    with_app(Client(), "/account/")
    client.post("/account/sign-in/", {"username": "ada", "password": "a long pass phrase"})
    return client.get(place)


def closed_registration(client: Client, place: str) -> Any:
    with override_settings(REGISTRATION="closed"):
        return client.get(place)


def documented(page: str) -> Callable[[], str]:
    """A page of a saved program with a vendor chosen, a frozen record, and an answer."""

    def place() -> str:
        made = versions.new_program(profile(**EXAMPLE))
        made.shortlist.create(vendor="lonza", vendor_name="Lonza", position=1, status="chosen")
        records.freeze(records.start(made), timezone.now())
        made.vendor_answers.create(vendor="lonza", question="QUA-03", answer="Template attached")
        return f"{made.get_absolute_url()}{page}/"

    return place


def with_record(name: str) -> Callable[[Client, str], Any]:
    file = Path(__file__).resolve().parent / "samples" / name
    return lambda client, place: client.post(place, {"trial_record": SimpleUploadedFile("record.json", file.read_bytes())})


def archived() -> str:
    """The address of a vendor that readers saw once."""
    gone = {"name": "Gone Labs", "type": "CRO", "status": Vendor.Status.ARCHIVED, "parent": "Big Holding"}
    return Vendor.objects.get_or_create(slug="gone-labs", defaults=gone)[0].get_absolute_url()


def draft() -> str:
    """The address of an intake that was left half done, with a mistake in it."""
    answers = {"stage": ["phase-1"], "modality": ["mrna"], "countries": ["Narnia"]}
    return Program.objects.create(draft=answers).get_absolute_url() + "edit/?at=work"


def of_program(page: str, **columns: Any) -> Callable[[], str]:
    """A page of a program with two versions, colleagues and a shortlist; columns of the program may say whose it is."""

    def place() -> str:
        made = versions.new_program(profile(**EXAMPLE))
        versions.save_version(made, profile(**{**EXAMPLE, "stage": "phase-2"}), note="After the board meeting")
        made.shortlist.create(vendor="lonza", vendor_name="Lonza", position=1, status="contacted", notes="Ask for Kim")
        made.shortlist.create(vendor="iqvia", vendor_name="IQVIA", position=2, status="rejected", reason="No slot before May")
        made.members.create(named="ben", role="editor")
        made.read_token = f"read-only-{made.pk}"
        made.owner = columns.get("owner", lambda: None)()
        made.save()
        return reverse("advisor:program", args=[made.member_key if made.owner else made.token]) + page

    return place


def rejected_without_reason(client: Client, place: str) -> Any:
    entry = ShortlistEntry.objects.latest("pk")
    return client.post(f"{place}{entry.pk}/", {f"entry-{entry.pk}-status": "rejected", f"entry-{entry.pk}-place": 2})


def not_saved(client: Client, place: str) -> Any:
    return client.post("/programs/try/", {"profile": json.dumps(profile(**EXAMPLE).as_dict())})


PAGES = [
    Shown("home", "/"),
    Shown("vendors", "/vendors/"),
    Shown("vendors, some collected to compare", "/vendors/?type=CMO", then=collect),
    Shown("vendors, filtered", "/vendors/?type=CDMO&modalities=antibody-protein&services=bioconjugation"),
    Shown("vendors, searched", "/vendors/?q=lentiviral+vector&sort=sources"),
    Shown(
        "vendors, none left",
        "/vendors/?type=CRO&type=CMO&services=small-molecule-api&services=bioanalysis&services_mode=all&size=small",
    ),
    Shown("vendors, address not to be read", "/vendors/?size=enormous&page=x", 422),
    Shown("vendors, after the last page", "/vendors/?page=99", 404),
    Shown("vendor", "/vendors/lonza/"),
    Shown("vendor, archived", archived, 410),
    Shown("comparison of none", "/vendors/compare/"),
    Shown("comparison of one", "/vendors/compare/?v=lonza"),
    Shown("comparison of three", "/vendors/compare/?v=lonza&v=iqvia&v=catalent"),
    Shown("comparison of five", "/vendors/compare/?v=lonza&v=iqvia&v=catalent&v=wuxi-biologics&v=charles-river"),
    Shown("comparison of too many", "/vendors/compare/?v=lonza&v=iqvia&v=catalent&v=wuxi-biologics&v=charles-river&v=icon", 422),
    Shown("comparison, only differences", "/vendors/compare/?v=lonza&v=iqvia&only=differences"),
    Shown("comparison with an unknown name", "/vendors/compare/?v=lonzza", 422),
    Shown("suggest a correction", "/vendors/lonza/suggest/?fact=services"),
    Shown("suggest a correction, with errors", "/vendors/lonza/suggest/", 422, sent(fact="founded", source_url="lonza")),
    Shown("suggestion sent", "/vendors/lonza/suggest/thanks/"),
    Shown("landscape", "/vendors/landscape/"),
    Shown("landscape by therapeutic area", "/vendors/landscape/?by=therapeutic_areas"),
    Shown("guide", "/guide/"),
    Shown("method", "/guide/method/"),
    Shown("intake", INTAKE),
    Shown("intake with errors", INTAKE, 422, sent(countries="US, Germny", priority_ai="9")),
    Shown("intake filled from a trial", f"{INTAKE}from-trial/", ask=with_record("trial-adc-phase-1-2.json")),
    Shown("intake, a file that is no record", f"{INTAKE}from-trial/", 422, with_record("../../fixtures/guide.json")),
    Shown("intake, a draft at its services", draft),
    Shown("result", program),
    Shown("result, changed", on_result("?what_if=1&stage=phase-3&through=phase-3&weight_services=40")),
    Shown("result, change not to be read", on_result("?what_if=1&stage=phase-1&through=preclinical&weight_services=-4"), 422),
    Shown("result, out of date", outdated, 409),
    Shown("comparison of programs, none", "/programs/compare/"),
    Shown("comparison of programs", lambda: f"/programs/compare/?a={program()}&b={program(stage='phase-3', through='phase-3')}"),
    Shown("comparison of programs, one not found", lambda: f"/programs/compare/?a={program()}&b=nothing", 404),
    Shown("versions", of_program("versions/")),
    Shown("version", of_program("versions/1/")),
    Shown("version, today", of_program("versions/1/today/")),
    Shown("versions compared", of_program("versions/compare/?v=1&v=2")),
    Shown("versions compared, too many", of_program("versions/compare/?v=1&v=2&v=3"), 422),
    Shown("shortlist", of_program("shortlist/")),
    Shown("shortlist, empty", lambda: f"{program()}shortlist/"),
    Shown("shortlist, reason needed", of_program("shortlist/"), 422, rejected_without_reason),
    Shown("add to a shortlist", "/programs/shortlist/add/?vendor=lonza&vendor=iqvia"),
    Shown("sharing", of_program("sharing/")),
    Shown("export and delete", of_program("delete/")),
    Shown("export and delete, not sure", of_program("delete/"), 422, sent()),
    Shown("my programs, no account", "/programs/"),
    Shown("advice, not stored", INTAKE, ask=not_saved),
    Shown("sign-in", "/account/sign-in/"),
    Shown("sign-in, wrong", "/account/sign-in/", 422, sent(username="nobody", password="wrong")),
    Shown("sign-in, second step", "/account/code/", ask=between_password_and_code),
    Shown("registration", "/account/register/"),
    Shown("registration with errors", "/account/register/", 422, sent(username="a b", password1="short", password2="other")),
    Shown("registration, closed", "/account/register/", 403, closed_registration),
    Shown("account", "/account/", ask=signed_in),
    Shown("sharing, of an account", of_program("sharing/", owner=ada), ask=signed_in),
    Shown("sharing, with nobody", of_program("sharing/members/", owner=ada), 422, naming_nobody),
    Shown("my programs", lambda: of_program("", owner=ada)() and "/programs/", ask=signed_in),
    Shown("account, password", "/account/password/", ask=signed_in),
    Shown("account, sign out everywhere", "/account/sign-out-everywhere/", ask=signed_in),
    Shown("account, delete", "/account/delete/", ask=signed_in),
    Shown("second factor in use, with new backup codes", "/account/second-factor/", ask=with_app),
    Shown("second factor, new backup codes", "/account/second-factor/backup-codes/", ask=with_app),
    Shown("second factor, removal", "/account/second-factor/remove/", ask=with_app),
    Shown("second factor, set-up", "/account/second-factor/set-up/", ask=setting_up),
    Shown("second factor, set-up with errors", "/account/second-factor/set-up/", 422, setting_up_wrongly),
    Shown("curators' pages, not for sponsors", "/admin/login/", 403, signed_in),
    Shown("documents", documented("documents")),
    Shown("decision record", documented("documents/record")),
    Shown("decision record, not to be frozen", documented("documents/record"), 422, sent(do="freeze", approved_on="soon")),
    Shown("responsibilities", documented("documents/responsibilities")),
    Shown("answers of vendors", documented("documents/answers")),
    Shown("answers of vendors, not to be read", documented("documents/answers"), 422, sent()),
    Shown("400", INTAKE, 400, unreadable),
    Shown("403", INTAKE, 403, without_proof),
    Shown("404", "/nothing/here/", 404),
    Shown("413", INTAKE, 413, too_large),
    Shown("429", INTAKE, 429, too_often),
    Shown("500", "/", 500, failing),
]
