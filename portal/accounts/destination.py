"""Where somebody goes on to after signing in."""

from django.utils.http import url_has_allowed_host_and_scheme


def asked_for(request, otherwise: str) -> str:
    """The address in `next`, sent or in the address, if it is one of this portal's; otherwise `otherwise`.

    Anything else would let a link to our sign-in send people, fresh from typing their password, to a page that imitates us.
    """
    wanted = request.POST.get("next", request.GET.get("next", ""))
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()) else otherwise
