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

        together = figures.together
        self.stdout.write(f"Engagements                          {figures.engagements}")
        self.stdout.write(f"Hired type is the recommended model  {share(figures.model_right, figures.engagements)}")
        self.stdout.write(f"Hired vendors in the catalogue       {share(together.asked, figures.vendors)}")
        self.stdout.write("Of those                             first 10         first 3          mean reciprocal rank")
        self.row("the advice", together)
        for lane, places in figures.places.items():
            self.row(f"  in the lane {lane}", places)
        self.row("most facts first (baseline)", figures.by_facts)
        self.row("chance within type (baseline)", figures.by_chance)
        if verbosity > 1:
            self.stdout.writelines(f"  {line}\n" for line in figures.missed)
        if figures.faults:
            raise CommandError("\n".join(figures.faults))

    def row(self, label: str, places: evaluation.Places):
        first_10, first_3 = share(places.first_10, places.asked), share(places.first_3, places.asked)
        self.stdout.write(f"  {label:<35}{first_10:<17}{first_3:<17}{places.mean_reciprocal_rank:.2f}")


def share(part: float, whole: int) -> str:
    counted = f"{part:.0f}" if part == int(part) else f"{part:.1f}"
    return f"{counted} of {whole}" + (f" ({100 * part / whole:.0f} %)" if whole else "")
