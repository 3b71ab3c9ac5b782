"""Proposals and history: what waits for review, and the page on which somebody decides."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path

from vendors import evidence, revisions
from vendors.admin.read_only import ReadOnly
from vendors.admin.vendor import preview
from vendors.differences import Words, lost, of_today
from vendors.facts import Problem
from vendors.models import FACTS, Revision, Vendor
from vendors.vocabulary import stored_vocabulary

UNDECIDED = (revisions.NotAllowed, revisions.Refused, revisions.Conflict, revisions.Decided)
STATUSES = {revisions.NotAllowed: 403, revisions.Refused: 422, revisions.Conflict: 409, revisions.Decided: 409}


@admin.register(Revision)
class RevisionAdmin(ReadOnly):
    """Written by `vendors.revisions` alone: here it is read, and decided about."""

    list_display = ["name", "status", "why", "origin", "author_name", "made_at", "decided_by_name", "alone"]
    list_filter = ["status", "origin", "alone", "former_as"]
    search_fields = ["name", "slug", "reason", "author_name"]
    actions = ["approve_selected"]
    show_full_result_count = False
    ordering = ["-made_at", "-pk"]

    def has_approve_permission(self, request):
        return request.user.has_perm("vendors.approve_revision")

    @admin.display(description="Why")
    def why(self, revision):
        return revision.reason if len(revision.reason) <= 80 else f"{revision.reason[:79]}…"

    @admin.action(description="Approve the selected proposals", permissions=["approve"])
    def approve_selected(self, request, queryset):
        """One by one: what can't be approved is named, and the rest is."""
        done = 0
        for revision in queryset.order_by("made_at", "pk"):
            try:
                revisions.approve(revision, by=request.user)
            except UNDECIDED as error:
                self.message_user(request, f"{revision.name}: {error}", messages.WARNING)
            else:
                done += 1
        if done:
            self.message_user(request, f"Approved: {done} proposal{'' if done == 1 else 's'}.")

    def get_urls(self):
        view = self.admin_site.admin_view(self.preview_view)
        return [path("<int:key>/preview/", view, name="vendors_revision_preview"), *super().get_urls()]

    def looked_at(self, request, key) -> Revision:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = Revision.objects.select_related("vendor", "reverts")
        return get_object_or_404(found, pk=key if str(key).isdecimal() else 0)

    def history_view(self, request, object_id, extra_context=None):
        return redirect("admin:vendors_revision_change", object_id)

    def preview_view(self, request, key) -> HttpResponse:
        """The vendor's page with the proposed record."""
        revision = self.looked_at(request, key)
        now = revisions.record_now(revision)
        try:
            return preview(request, revision.after, now["slug"] if now else "")
        except revisions.Refused as refused:
            self.message_user(request, f"There is no preview, as the record could not be stored now. {refused}", messages.ERROR)
            return redirect("admin:vendors_revision_change", key)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The proposal with what it changes, and the buttons for whoever may press them."""
        revision = self.looked_at(request, object_id)
        if request.method != "POST":
            return self.page(request, revision)
        try:
            return self.decide(request, revision)
        except UNDECIDED as error:
            return self.page(request, self.looked_at(request, object_id), str(error), STATUSES[type(error)])

    def decide(self, request, revision: Revision):
        note, by = request.POST.get("note", ""), request.user
        match request.POST.get("decision"):
            case "approve":
                done = revisions.approve(revision, by=by, note=note)
                alone = " You approved your own change, and the history says so." if done.alone else ""
                self.message_user(request, f"{done.name}: approved; readers see it now.{alone}")
            case "reject":
                revisions.reject(revision, by=by, note=note)
                self.message_user(request, f"{revision.name}: rejected; the record stays as it was.")
            case "withdraw":
                revisions.withdraw(revision, by=by)
                self.message_user(request, f"{revision.name}: withdrawn.")
            case "rebase":
                both = revisions.rebase(revision, by=by)
                words = f" Changed differently since, so look closely: {', '.join(both)}." if both else ""
                self.message_user(request, f"The proposal stands beside the record of today now.{words}")
            case "revert":
                made = revisions.revert(revision, by=by, reason=note)
                if made is None:
                    self.message_user(request, "Nothing is left of this change to take back.", messages.INFO)
                    return redirect("admin:vendors_revision_change", revision.pk)
                waits = made.status == Revision.Status.PROPOSED
                self.message_user(request, "Taking it back waits for review." if waits else "Taken back.")
                return redirect("admin:vendors_revision_change", made.pk)
            case _:
                raise revisions.Refused([Problem(0, revision.slug, "decision", "", "Press one of the buttons.")])
        return redirect("admin:vendors_revision_change", revision.pk)

    def page(self, request, revision: Revision, error: str = "", status: int = 200) -> TemplateResponse:
        vocabulary = stored_vocabulary()
        words = Words(vocabulary)
        waits = revision.status == Revision.Status.PROPOSED
        own = revision.author_id == request.user.pk
        shown_before = revision.before and revisions.status_of(revision.before) == Vendor.Status.PUBLISHED
        context = {
            **self.admin_site.each_context(request),
            "title": "Proposal" if waits else "Change",
            "subtitle": revision.name,
            "opts": self.opts,
            "media": self.media,
            "revision": revision,
            "error": error,
            "note": request.POST.get("note", ""),
            "waits": waits,
            "own": own,
            # Of a record that readers have not seen yet all is new to them, whatever was changed last.
            "whole": bool(not shown_before and revisions.status_of(revision.after) == Vendor.Status.PUBLISHED),
            "differences": words.differences(revision.before, revision.after),
            "record": words.differences(None, revision.after),
            "since": revisions.since(revision, vocabulary) if waits else [],
            "outdated": waits and revisions.record_now(revision) != of_today(revision.before, vocabulary),
            "gone": [
                f"{FACTS[evidence.key_of(fact)]}: {words.fact(fact, revision.before)}" for fact in lost(revision.before, revision.after)
            ]
            if revision.before
            else [],
            "sources": [
                (source, words.supported(source["supports"]), place in revision.after["ai"]["sources"])
                for place, source in enumerate(revision.after["sources"])
            ],
            "may_approve": waits and self.has_approve_permission(request) and (not own or settings.ONE_PERSON_MAY_APPROVE),
            "may_reject": waits and self.has_approve_permission(request) and not own,
            "may_revert": revision.status == Revision.Status.APPLIED
            and revision.vendor
            and request.user.has_perm("vendors.propose_revision"),
        }
        return TemplateResponse(request, "admin/vendors/revision/review.html", context, status=status)
