"""Response headers that Django does not set by itself."""

from django.utils.cache import add_never_cache_headers

POLICY = ", ".join(f"{feature}=()" for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb"))


def permissions_policy(get_response):
    """Middleware: no page of ours uses a device, so none may ask for one."""

    def respond(request):
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response

    return respond


def errors_are_not_kept(get_response):
    """Middleware: no cache stores an answer that refuses or fails, nor its address: it may be the key of a program."""

    def respond(request):
        response = get_response(request)
        if response.status_code >= 400:
            add_never_cache_headers(response)
        return response

    return respond
