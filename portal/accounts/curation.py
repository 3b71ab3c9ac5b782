"""The way into the curators' pages: one sign-in for everybody, and a second factor where the portal asks for one."""

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.sites import AdminSite
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from portal.accounts.destination import asked_for


class CurationSite(AdminSite):
    """Django's admin for accounts marked as staff, and only after a second factor where CURATORS_NEED_SECOND_FACTOR says so."""

    def has_permission(self, request):
        return super().has_permission(request) and (not settings.CURATORS_NEED_SECOND_FACTOR or request.user.is_verified())

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """To the sign-in of the portal; who is signed in already is told what is missing."""
        wanted = asked_for(request, reverse("admin:index"))
        if self.has_permission(request):
            return redirect(wanted)
        if not request.user.is_authenticated:
            return redirect(f"{reverse('accounts:sign-in')}?{urlencode({'next': wanted})}")
        if not request.user.is_staff:
            return render(request, "accounts/not_a_curator.html", status=403)
        messages.info(request, "The curators’ pages need a second factor here. Set one up, and they open.")
        return redirect("accounts:second-factor")
