"""Curation: the pages on which people keep the catalogue true."""

from django.contrib import admin

# Each registers its pages.
from vendors.admin import revision, vendor, vocabularies  # noqa: F401

admin.site.site_header = "Crossmatch: curation"
admin.site.site_title = "Crossmatch curation"
admin.site.index_title = "What the portal knows, and who may change it"
