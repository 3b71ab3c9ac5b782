"""Response headers that Django does not set by itself."""

POLICY = ", ".join(f"{feature}=()" for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb"))


def permissions_policy(get_response):
    """Middleware: no page of ours uses a device, so none may ask for one."""

    def respond(request):
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response

    return respond
