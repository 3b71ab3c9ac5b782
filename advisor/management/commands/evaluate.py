from pathlib import Path

from django.core.management.base import CommandError

from advisor import evaluation
from vendors.management.catalogue_command import CatalogueCommand


class Command(CatalogueCommand):
    help = "Compare the advice with announced engagements: one JSON object a line, with profile, type and hired vendors."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file, verbosity, **options):
        try:
            lines = file.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} can't be read: {error}") from error
        figures = evaluation.evaluate(lines, self.catalogue(), evaluation.names_of_vendors())

        def share(part: int, whole: int) -> str:
            return f"{part} of {whole}" + (f" ({100 * part / whole:.0f} %)" if whole else "")

        self.stdout.write(f"Engagements                          {figures.engagements}")
        self.stdout.write(f"Hired type is the recommended model  {share(figures.model_right, figures.engagements)}")
        self.stdout.write(f"Hired vendors in the catalogue       {share(figures.in_catalogue, figures.vendors)}")
        self.stdout.write(f"  among the first 10 of the lane     {share(figures.first_10, figures.in_catalogue)}")
        self.stdout.write(f"  among the first 3 of the lane      {share(figures.first_3, figures.in_catalogue)}")
        if verbosity > 1:
            self.stdout.writelines(f"  {line}\n" for line in figures.missed)
        if figures.faults:
            raise CommandError("\n".join(figures.faults))
