"""The answers of an intake that is not finished: kept as they were sent, right or wrong, until they become a version."""

from django.db import transaction
from django.http import QueryDict

from advisor import origins
from advisor.engine.profile import NAME_LENGTH
from advisor.forms import ProgramForm
from advisor.intake import SECTIONS
from advisor.models import Program
from advisor.trials.record import UNPRINTABLE
from advisor.versions import ownership
from vendors.catalogue import Vocabulary

KEPT = frozenset({*(name for section in SECTIONS for name in section.fields), "offered", "origins"})


def keep(program: Program | None, post: QueryDict, *, by=None) -> Program:
    """Keep what was sent as the draft of a program; without one, a program is made, owned by whoever is signed in."""
    answers = {name: [cleaned(value) for value in post.getlist(name)] for name in post if name in KEPT}
    name = " ".join(answers.get("name", [""])[-1].split())[:NAME_LENGTH]
    with transaction.atomic():
        if program is None:
            return Program.objects.create(name=name, draft=answers, **ownership(by))
        program.draft = answers
        columns = ["draft", "changed_at"]
        # A program that has a version goes by the name of that one until the next is saved.
        if program.profile is None:
            program.name = name
            columns.append("name")
        program.save(update_fields=columns)
    return program


def cleaned(value: str) -> str:
    """A value without what one database refuses to store."""
    return UNPRINTABLE.sub(" ", value)


def form_of(program: Program, vocabulary: Vocabulary, at: str = "") -> ProgramForm:
    """The intake with what a program says: its draft where there is one, else its present version."""
    if program.draft:
        data = QueryDict(mutable=True)
        for name, values in program.draft.items():
            data.setlist(name, values if isinstance(values, list) else [values])
        return ProgramForm(data, vocabulary=vocabulary, draft=True, at=at)
    read = origins.read_of(program.profile, program.origins)
    initial = {**ProgramForm.initial_of(program.profile or {}), "origins": origins.signed(read)}
    return ProgramForm(initial=initial, vocabulary=vocabulary, at=at)
