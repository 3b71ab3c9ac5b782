"""Review before publication: who may change what, and what becomes of a change that waits."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.vendors.people import person, with_rights
from tests.vendors.records import ai, record, source, store, store_vocabulary
from vendors import facts, revisions, snapshot, vocabulary
from vendors.models import CatalogueVersion, FormerFact, FormerVendorSlug, Revision, Service, Vendor
from vendors.revisions import Conflict, Decided, NotAllowed, Refused

pytestmark = pytest.mark.django_db

# Some answer None where nothing is to be done, which these tests would trip over soon enough.
submit: Any = revisions.submit
submit_all: Any = revisions.submit_all
approve: Any = revisions.approve
revert: Any = revisions.revert
verify: Any = revisions.verify


@pytest.fixture(autouse=True)
def small_vocabulary(db):
    store_vocabulary()


@pytest.fixture
def contributor(db):
    return person("cleo", "Contributors")


@pytest.fixture
def curator(db):
    return person("curt", "Curators")


@pytest.fixture
def reviewer(db):
    return person("rita", "Reviewers")


@pytest.fixture
def both(db):
    """Curator and reviewer in one."""
    return person("bo", "Curators", "Reviewers")


def dumped(slug="alpina-clinical") -> Any:
    return next(facts.dump(Vendor.objects.filter(slug=slug)), None)


def propose(by, **changes) -> Any:
    made = submit(record(**changes), by=by, reason="Read it on their site")
    assert made
    return made


# Proposing


def test_a_change_of_a_published_vendor_waits_and_readers_see_the_approved_state(curator):
    store(record())
    before = CatalogueVersion.current()
    made = propose(curator, founded=2001)
    assert (made.status, made.author, made.author_name, made.reason) == ("proposed", curator, "curt", "Read it on their site")
    assert (made.before, made.after) == (record(), record(founded=2001))
    assert dumped() == record()
    assert CatalogueVersion.current() == before


def test_an_approved_change_is_what_readers_see_and_says_who_did_what_when(curator, reviewer):
    store(record())
    seen = snapshot.current().version
    done = approve(propose(curator, services=["bioanalysis"]), by=reviewer, note="Seen")
    assert dumped() == record(services=["bioanalysis"])
    assert snapshot.current().version != seen
    stored: Any = Revision.objects.get()
    assert (stored.status, stored.decided_by, stored.decided_by_name, stored.decision_note) == ("applied", reviewer, "rita", "Seen")
    assert (stored.alone, stored.vendor.slug) == (False, "alpina-clinical")
    assert stored.decided_at >= done.made_at


@pytest.mark.parametrize("changes", [{}, {"verified_on": None}])
def test_a_draft_is_changed_at_once_and_leaves_its_line_of_history(contributor, changes):
    store(record(status="draft", **changes))
    made = propose(contributor, founded=2001, status="draft", **changes)
    assert made.status == "applied"
    assert made.decided_by is None
    assert dumped()["founded"] == 2001
    assert made.before["founded"] == 1998


def test_a_new_draft_is_there_at_once(contributor):
    made = propose(contributor, status="draft")
    assert (made.status, made.before, made.vendor.slug) == ("applied", None, "alpina-clinical")
    assert made.vendor.verified_by == "cleo"
    assert dumped() == record(status="draft")


def test_a_new_vendor_that_is_to_be_published_is_nowhere_until_approved(contributor, reviewer):
    made = propose(contributor)
    assert (made.status, made.vendor, Vendor.objects.count()) == ("proposed", None, 0)
    done = approve(made, by=reviewer)
    assert (done.vendor.slug, dumped()) == ("alpina-clinical", record())


def test_a_change_without_a_difference_leaves_nothing(curator):
    store(record())
    assert submit(record(), by=curator, reason="Nothing") is None
    assert not Revision.objects.exists()


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_reason_is_mandatory(curator, reason):
    store(record())
    with pytest.raises(Refused, match="Say why"):
        submit(record(founded=2001), by=curator, reason=reason)


@pytest.mark.parametrize(
    "changes, key", [({"services": ["tablets"]}, "services"), ({"founded": 98}, "founded"), ({"verified_on": None}, "verified_on")]
)
def test_a_record_that_breaks_a_rule_is_refused_before_anybody_reviews_it(curator, changes, key):
    store(record())
    with pytest.raises(Refused) as refused:
        submit(record(**{"status": "published", **changes}), by=curator, reason="x")
    assert [problem.key for problem in refused.value.problems] == [key]
    assert not Revision.objects.exists()


def test_many_are_submitted_at_once_or_none(curator, count_queries):
    store(*[record(name=f"V{number}") for number in range(12)])
    changed = [record(name="V0", founded=2001), record(name="V1", founded=1)]
    with pytest.raises(Refused):
        submit_all(changed, by=curator, reason="x", origin="import")
    assert not Revision.objects.exists()
    with count_queries() as few:
        submit_all([record(name="V0", founded=2001)], by=curator, reason="x", origin="import")
    with count_queries() as many:
        made = submit_all([record(name=f"V{n}", founded=2002) for n in range(12)], by=curator, reason="x", origin="import")
    assert [each.slug for each in made] == [f"v{number}" for number in range(12)]
    assert len(many) <= len(few) + 12  # every row that was tried is saved by itself, and undone


# Ways around it


def test_nobody_approves_a_change_of_their_own(both):
    store(record())
    made = propose(both, founded=2001)
    with pytest.raises(NotAllowed, match="somebody else has to approve"):
        approve(made, by=both)
    with pytest.raises(NotAllowed):
        revisions.reject(made, by=both, note="x")
    assert (dumped(), Revision.objects.get().status) == (record(), "proposed")


def test_a_superuser_does_not_either(db):
    root = person("root", is_superuser=True)
    store(record())
    with pytest.raises(NotAllowed):
        approve(propose(root, founded=2001), by=root)
    assert dumped() == record()


def test_the_database_itself_refuses_it(both):
    made = propose(both)
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.filter(pk=made.pk).update(status="applied", decided_by=both)


def test_one_person_may_where_the_setting_says_so_and_the_history_says_so(both, settings):
    settings.ONE_PERSON_MAY_APPROVE = True
    store(record())
    assert approve(propose(both, founded=2001), by=both).alone is True
    assert dumped()["founded"] == 2001
    assert Revision.objects.get().alone is True


def test_with_that_setting_the_right_to_approve_is_still_needed(curator, settings):
    settings.ONE_PERSON_MAY_APPROVE = True
    store(record())
    with pytest.raises(NotAllowed):
        approve(propose(curator, founded=2001), by=curator)


def test_approving_is_for_those_who_may(curator, contributor):
    store(record())
    made = propose(curator, founded=2001)
    for who in (contributor, person("curt2", "Curators"), with_rights("all", "change_vendor", "change_revision", "delete_vendor")):
        with pytest.raises(NotAllowed):
            approve(made, by=who)
        with pytest.raises(NotAllowed):
            revisions.reject(made, by=who, note="x")
    assert dumped() == record()


def test_somebody_who_was_barred_approves_nothing(curator, reviewer):
    store(record())
    made = propose(curator, founded=2001)
    reviewer.is_active = False
    with pytest.raises(NotAllowed):
        approve(made, by=reviewer)


def test_a_reviewer_alone_changes_nothing(reviewer):
    store(record(), record(name="Draft", status="draft"))
    for changed in (record(founded=2001), record(name="Draft", status="draft", founded=2001), record(name="New", status="draft")):
        with pytest.raises(NotAllowed):
            submit(changed, by=reviewer, reason="x")


@pytest.mark.parametrize(
    "rights, changed",
    [
        (("add_vendor",), record(name="New")),
        (("add_vendor", "change_vendor"), record(founded=2001)),
        (("add_vendor", "change_vendor"), record(name="Draft", status="published")),
        (("propose_revision",), record(name="New")),
        (("propose_revision",), record(name="Draft", status="draft", founded=2001)),
        (("change_vendor", "approve_revision"), record(founded=2001)),
    ],
)
def test_one_right_does_not_stand_for_another(rights, changed):
    store(record(), record(name="Draft", status="draft"))
    with pytest.raises(NotAllowed):
        submit(changed, by=with_rights("half", *rights), reason="x")
    assert not Revision.objects.exists()


@pytest.mark.parametrize("status", ["published", "archived"])
def test_a_draft_is_published_or_archived_only_after_review(curator, status):
    store(record(status="draft"))
    assert propose(curator, status=status).status == "proposed"
    assert dumped()["status"] == "draft"


def test_a_draft_that_was_approved_is_published_and_archived_and_published_again(curator, reviewer):
    store(record(status="draft"))
    assert approve(propose(curator, status="published"), by=reviewer).vendor.status == "published"
    archived = approve(propose(curator, status="archived"), by=reviewer)
    assert dumped() == record(status="archived")
    approve(revert(archived, by=curator, reason="Still there"), by=reviewer)
    assert dumped() == record()


def test_what_readers_saw_is_not_made_a_draft_to_be_changed_at_once(curator):
    store(record(), record(name="Old", status="archived"))
    assert propose(curator, status="draft", founded=2001).status == "proposed"
    assert propose(curator, name="Old", status="draft").status == "proposed"
    assert Vendor.objects.filter(status="draft").count() == 0


@pytest.mark.parametrize("origin", ["import", "bulk", "merge"])
def test_what_reaches_further_than_one_record_is_for_curators(contributor, curator, origin):
    store(record())
    with pytest.raises(NotAllowed, match="for curators"):
        submit_all([record(founded=2001)], by=contributor, reason="x", origin=origin)
    assert submit_all([record(founded=2001)], by=curator, reason="x", origin=origin)[0].status == "proposed"
    assert dumped() == record()


def test_archiving_and_renaming_are_for_curators(contributor):
    [vendor] = store(record())
    with pytest.raises(NotAllowed):
        propose(contributor, status="archived")
    with pytest.raises(NotAllowed):
        submit(record(slug="alpina"), by=contributor, reason="x", vendor=vendor)


# A proposal that waits


def test_an_outdated_proposal_is_not_applied_and_nothing_of_it_is_lost(curator, reviewer):
    store(record())
    made, other = propose(curator, founded=2001), propose(curator, services=["bioanalysis"], summary="Tests.")
    approve(other, by=reviewer)
    with pytest.raises(Conflict) as conflict:
        approve(made, by=reviewer)
    assert [difference.label for difference in conflict.value.since] == ["Summary", "Services"]
    assert dumped() == other.after
    assert Revision.objects.get(pk=made.pk).status == "proposed"
    assert revisions.rebase(made, by=reviewer) == []
    made.refresh_from_db()
    assert (made.author, made.before, made.after) == (curator, other.after, {**other.after, "founded": 2001})
    approve(made, by=reviewer)
    assert dumped() == {**other.after, "founded": 2001}


def test_lists_that_two_changed_come_together_and_texts_that_two_changed_are_named(curator, reviewer):
    store(record(services=["bioanalysis", "clinical-operations"]))
    ours = propose(curator, services=["bioanalysis", "biostatistics"], summary="Ours.")
    theirs = propose(curator, services=["bioanalysis", "clinical-operations", "oral-solid-dose"], summary="Theirs.")
    approve(theirs, by=reviewer)
    assert revisions.rebase(ours, by=curator) == ["Summary"]
    ours.refresh_from_db()
    assert ours.after["services"] == ["bioanalysis", "oral-solid-dose", "biostatistics"]
    assert (ours.before["summary"], ours.after["summary"]) == ("Theirs.", "Ours.")


def test_sources_that_moved_still_show_the_ai_level_of_a_proposal(curator, reviewer):
    a, b, c = (source(url=f"https://{letter}.example") for letter in "abc")
    store(record(sources=[a, b]))
    ours = propose(curator, sources=[a, b], ai=ai(level="applied", sources=[1], checked_on="2026-10-01"))
    approve(propose(curator, sources=[c, a, b]), by=reviewer)
    assert revisions.rebase(ours, by=curator) == []
    ours.refresh_from_db()
    assert [ours.after["sources"][i]["url"] for i in ours.after["ai"]["sources"]] == ["https://b.example"]


def test_a_second_tab_decides_nothing(curator, reviewer):
    store(record())
    made = propose(curator, founded=2001)
    stale = Revision.objects.get(pk=made.pk)
    revisions.reject(made, by=reviewer, note="Says 1998")
    for act in (
        lambda: approve(stale, by=reviewer),
        lambda: revisions.reject(stale, by=reviewer, note="x"),
        lambda: revisions.withdraw(stale, by=curator),
        lambda: revisions.amend(stale, record(founded=2002), by=curator, reason="x"),
        lambda: revisions.rebase(stale, by=curator),
    ):
        with pytest.raises(Decided, match="rejected by rita"):
            act()
    assert dumped() == record()


def test_rejecting_says_why(curator, reviewer):
    store(record())
    made = propose(curator, founded=2001)
    with pytest.raises(Refused):
        revisions.reject(made, by=reviewer, note=" ")
    assert revisions.reject(made, by=reviewer, note="Says 1998").decision_note == "Says 1998"
    assert dumped() == record()


def test_only_the_author_changes_or_withdraws_a_proposal(curator, both):
    store(record())
    made = propose(curator, founded=2001)
    with pytest.raises(NotAllowed, match="Only curt"):
        revisions.amend(made, record(founded=2002), by=both, reason="x")
    with pytest.raises(NotAllowed):
        revisions.withdraw(made, by=both)
    assert revisions.amend(made, record(founded=2003), by=curator, reason="Better read").after["founded"] == 2003
    assert revisions.withdraw(made, by=curator).status == "withdrawn"
    assert dumped() == record()


def test_a_new_vendor_whose_address_was_taken_meanwhile_is_a_conflict(contributor, reviewer):
    made = propose(contributor)
    store(record(founded=1990))
    with pytest.raises(Conflict):
        approve(made, by=reviewer)
    assert dumped()["founded"] == 1990


def test_a_proposal_survives_the_renaming_of_a_term(curator, reviewer):
    store(record(sources=[source(supports=["services:clinical-operations"])]))
    made = propose(curator, founded=2001, sources=[source(supports=["services:clinical-operations"])])
    Service.objects.filter(slug="clinical-operations").update(slug="trials")
    vocabulary.rename("services", "clinical-operations", "trials")
    approve(made, by=reviewer)
    assert (dumped()["founded"], dumped()["services"], dumped()["sources"][0]["supports"]) == (2001, ["trials"], ["services:trials"])


# Taking back, and what is kept


def test_a_change_is_taken_back_by_a_proposal_that_leaves_later_ones_alone(curator, reviewer):
    store(record())
    done = approve(propose(curator, founded=2001, services=["bioanalysis"]), by=reviewer)
    approve(propose(curator, founded=2001, services=["bioanalysis"], summary="Later."), by=reviewer)
    back = revert(done, by=curator, reason="Misread")
    assert (back.origin, back.reverts, back.status) == ("revert", done, "proposed")
    approve(back, by=reviewer)
    assert dumped() == record(summary="Later.")


def test_what_added_a_published_vendor_is_taken_back_by_archiving_it(curator, reviewer):
    done = approve(propose(curator), by=reviewer)
    approve(revert(done, by=curator, reason="Never existed"), by=reviewer)
    assert dumped()["status"] == "archived"


def test_a_proposal_cannot_be_taken_back(curator):
    store(record())
    with pytest.raises(Refused):
        revert(propose(curator, founded=2001), by=curator, reason="x")


def test_a_renamed_vendor_keeps_its_old_address(curator, reviewer):
    [vendor] = store(record())
    made = submit(record(slug="alpina", name="Alpina"), by=curator, reason="New name", vendor=vendor)
    approve(made, by=reviewer)
    vendor.refresh_from_db()
    assert (vendor.slug, FormerVendorSlug.objects.get().old) == ("alpina", "alpina-clinical")
    back = revert(made, by=curator, reason="Back again")
    approve(back, by=reviewer)
    vendor.refresh_from_db()
    assert (vendor.slug, FormerVendorSlug.objects.get().old) == ("alpina-clinical", "alpina")


def test_a_new_vendor_does_not_take_the_old_address_of_another(curator, reviewer):
    [vendor] = store(record())
    approve(submit(record(slug="alpina"), by=curator, reason="x", vendor=vendor), by=reviewer)
    with pytest.raises(Refused, match="address of another vendor"):
        propose(curator)


def test_a_superseded_fact_is_kept_with_its_sources(curator, reviewer):
    store(record(services=["clinical-operations", "bioanalysis"]))
    made = submit(record(services=["bioanalysis"], parent="Holding"), by=curator, reason="Sold", former_as="superseded")
    assert not FormerFact.objects.exists()
    approve(made, by=reviewer)
    kept = FormerFact.objects.get()
    assert (kept.fact, kept.value, kept.why) == ("services:clinical-operations", "Clinical operations and monitoring", "superseded")
    assert kept.sources == record()["sources"]
    assert (kept.until, kept.revision, kept.vendor.slug) == (timezone.now().date(), made, "alpina-clinical")


def test_our_own_mistake_is_no_former_fact(curator, reviewer):
    store(record())
    made = submit(record(services=["bioanalysis"]), by=curator, reason="Typed wrong", former_as="mistaken")
    approve(made, by=reviewer)
    assert not FormerFact.objects.exists()


def test_the_history_of_a_draft_that_was_deleted_stays(curator):
    made = propose(curator, status="draft")
    made.vendor.delete()
    made.refresh_from_db()
    assert (made.vendor, made.slug) == (None, "alpina-clinical")


# Verifying


def test_verifying_stamps_the_day_and_the_person_and_takes_nobody_else(curator):
    [vendor] = store(record())
    made = verify(vendor, by=curator, today=dt.date(2026, 11, 30))
    vendor.refresh_from_db()
    assert (vendor.verified_on, vendor.verified_by) == (dt.date(2026, 11, 30), "curt")
    assert (made.origin, made.status, dumped()) == ("verify", "applied", record(verified_on="2026-11-30"))
    assert verify(vendor, by=curator, today=dt.date(2026, 11, 30)) is None


def test_a_verified_draft_stays_a_draft(curator):
    [vendor] = store(record(verified_on=None))
    verify(vendor, by=curator)
    vendor.refresh_from_db()
    assert vendor.status == "draft"


def test_verifying_is_for_curators(contributor, reviewer):
    [vendor] = store(record())
    for who in (contributor, reviewer):
        with pytest.raises(NotAllowed):
            verify(vendor, by=who)


def test_who_verified_is_the_author_of_an_approved_change_and_nobody_after_a_load(curator, reviewer):
    [vendor] = store(record())
    approve(propose(curator, verified_on="2026-11-23"), by=reviewer)
    vendor.refresh_from_db()
    assert vendor.verified_by == "curt"
    store(record(verified_on="2026-11-24"))
    vendor.refresh_from_db()
    assert vendor.verified_by == ""
