"""What a first visit weighs over the wire: counted in bytes, packed as the server packs them."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
# Neither is for readers: the curators' pages have a stylesheet of their own beside Django's.
CURATORS = {"admin.css"}
MOST_CODE = 60_000
MOST_FIRST_PAGE = 100_000


def packed(file):
    """Bytes as sent to whoever takes gzip only; brotli, which most take, is smaller."""
    return len(gzip.compress(file.read_bytes(), compresslevel=9))


def test_styles_and_scripts_together_are_light():
    files = [file for pattern in ("*.css", "*.js") for file in STATIC.rglob(pattern) if file.name not in CURATORS]
    sizes = {str(file.relative_to(STATIC)): packed(file) for file in files}
    assert {"css/crossmatch.css", "vendor/htmx/htmx.min.js"} <= sizes.keys()
    assert sum(sizes.values()) <= MOST_CODE, sizes


@pytest.mark.parametrize("address", ["/", "/vendors/"])
def test_a_first_page_is_light(client, whole_catalogue, address):
    response = client.get(address, headers={"accept-encoding": "gzip"})
    assert response.headers.get("Content-Encoding") == "gzip"
    page = gzip.decompress(response.content).decode()
    fetched = set(re.findall(r'<(?:script|link|img)\b[^>]*?(?:src|href)="/static/([^"]+)"', page))
    assert "css/crossmatch.css" in fetched
    sizes = {address: len(response.content), **{name: packed(STATIC / name) for name in fetched}}
    assert sum(sizes.values()) <= MOST_FIRST_PAGE, sizes
