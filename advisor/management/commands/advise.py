import json
import sys

from django.core.management.base import CommandError

from advisor.engine.advice import Advice, advise
from advisor.engine.profile import Profile, ProfileError
from advisor.engine.references import REFERENCES
from vendors import facts
from vendors.management.catalogue_command import CatalogueCommand

SHOWN = 5  # matches of a lane, in the text for people


class Command(CatalogueCommand):
    help = "Advise on programs: FILE holds one profile, or one a line; - reads standard input."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="json prints one object a line")

    def handle(self, *, file, **options):
        catalogue = self.catalogue()
        profiles, faults = [], []
        for line, data in objects(read(file)):
            where = f"{file}:{line}: " if line else ""
            if isinstance(data, facts.Problem):
                faults.append(f"{where}{data.key}: {data.message}")
                continue
            try:
                profiles.append(Profile.from_dict(data, catalogue.vocabulary))
            except ProfileError as error:
                faults += [f"{where}{problem}" for problem in error.problems]
        if not profiles and not faults:
            faults = [f"{file}: there is no profile in it."]
        if faults:
            raise CommandError("\n".join(faults))
        for i, profile in enumerate(profiles):
            advice = advise(profile, catalogue)
            if options["format"] == "json":
                self.stdout.write(json.dumps(advice.as_dict(), ensure_ascii=False))
            else:
                self.stdout.write(("\n" if i else "") + text(advice))


def read(file: str) -> str:
    try:
        if file == "-":
            return sys.stdin.read()
        with open(file, encoding="utf-8") as opened:
            return opened.read()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} can't be read: {error}") from error


def objects(content: str):
    """The JSON values of a text with their line numbers; 0 stands for a text that is one value."""
    try:
        yield 0, json.loads(content, object_pairs_hook=facts.distinct_keys)
    except (ValueError, RecursionError):
        yield from facts.read_lines(content.split("\n"))


def text(advice: Advice) -> str:
    """The advice for people."""
    lines = [advice.profile.name or "Unnamed program", advice.verdict, ""]
    for option in advice.model.options:
        lines.append(f"  {option.model:<9} {option.score:.2f}")
        if option is advice.model.first:
            for reason in option.reasons:
                guide = f", guide: {reason.rule.guide}" if reason.rule.guide else ""
                lines.append(f"    {reason.because} (rule {reason.rule.number}{guide})")
                lines += [
                    f"      but: {objection.text} {' '.join(REFERENCES[key].url for key in objection.sources)}".rstrip()
                    for objection in reason.rule.against
                ]
    for ranking in advice.rankings:
        lines += ["", f"{ranking.lane.capitalize()}: first {min(SHOWN, len(ranking))} of {len(ranking)}"]
        for match in ranking.matches(0, SHOWN):
            lines.append(f"  {match.rank}. {match.name} ({match.type})  {100 * match.score:.0f} shown, up to {100 * match.possible:.0f}")
            lines.append(f"     {match.because}")
            lines += [f"     {gate.name}: {gate.status}" for gate in match.gates]
    lines += ["", f"Catalogue {advice.catalogue.version}, {len(advice.catalogue)} vendors."]
    return "\n".join(lines)
