"""Writes linked data into the head of a page."""

import json

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from vendors import linked_data
from vendors.models import Vendor

register = template.Library()

# A record may hold any text, so nothing in it may look like markup: a name with "</script>" would end the block. The rest that
# could do harm is no ASCII, and is escaped by the encoder.
ESCAPES = str.maketrans({letter: f"\\u{ord(letter):04x}" for letter in "<>&"})


@register.simple_tag(takes_context=True)
def organization(context, vendor: Vendor) -> str:
    """A data block with the vendor as an Organization. Browsers run no data block, so the content security policy has no say in it."""
    page = context["request"].build_absolute_uri(vendor.get_absolute_url())
    text = json.dumps(linked_data.organization(vendor, page)).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 (escaped above)
