import json
import sys

from django.core.management.base import BaseCommand, CommandError

from vendors import facts, sheets
from vendors.catalogue import nearest
from vendors.models import Vendor


class Command(BaseCommand):
    help = "Print vendor records as load_vendors reads them, one JSON object a line or as sheets; all of them unless slugs are named."

    def add_arguments(self, parser):
        parser.add_argument("slugs", nargs="*", metavar="SLUG")
        parser.add_argument("--format", choices=["jsonl", *sheets.FORMS], default="jsonl", dest="form")

    def handle(self, *, slugs, form="jsonl", **options):
        vendors = Vendor.objects.all()
        known = dict(vendors.values_list("slug", "name"))
        for slug in slugs:
            if slug not in known:
                raise CommandError(f"There is no vendor {slug!r}; the nearest is {nearest(slug, known)}.")
        if slugs:
            vendors = vendors.filter(slug__in=slugs)
        if form == "jsonl":
            for record in facts.dump(vendors):
                self.stdout.write(json.dumps(record, ensure_ascii=False))
            return
        try:
            content = sheets.write(list(facts.dump(vendors)), sheets.Form(form))
        except ValueError as error:
            raise CommandError(str(error)) from error
        # A workbook is no text: it goes past what would encode it.
        out = getattr(options.get("stdout") or sys.stdout, "buffer", None)
        if out is None or out.isatty():
            raise CommandError("Send the file somewhere: dump_vendors --format xlsx > vendors.xlsx")
        out.write(content)
