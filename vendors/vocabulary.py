"""The closed vocabularies: from a file into their tables, and from the tables into the value that the rest works with."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from django.db import models, transaction
from django.db.models.functions import Cast
from django.db.models.lookups import Contains

from vendors import models as tables
from vendors.catalogue import Term, Vocabulary
from vendors.folding import fold
from vendors.models import AILevel, CatalogueVersion, Country, FormerSlug, Service, ServiceGroup

# Tables by the name that files, records and profiles use for them; groups come before the services that name them.
TABLES: dict[str, type[tables.Term]] = {
    "service_groups": ServiceGroup,
    "services": Service,
    "stages": tables.Stage,
    "therapeutic_areas": tables.TherapeuticArea,
    "modalities": tables.Modality,
    "accreditations": tables.Accreditation,
    "ai_uses": tables.AIUse,
}


def stored_vocabulary() -> Vocabulary:
    """The vocabularies as they are in the database now, in the order of reading; nine queries."""

    # Sorted here, since databases differ in how they sort names.
    def place(term) -> tuple[int, str]:
        return term.order, fold(term.name)

    groups = {
        group.slug: Term(group.slug, group.name, lane=group.lane, description=group.description)
        for group in sorted(ServiceGroup.objects.all(), key=place)
    }

    def terms(name: str) -> dict[str, Term]:
        rows = sorted(TABLES[name]._default_manager.all(), key=place)
        return {term.slug: Term(term.slug, term.name, description=term.description) for term in rows}

    vocabulary = Vocabulary(
        services={
            service.slug: Term(service.slug, service.name, service.group.slug, service.group.lane, service.description)
            for service in sorted(Service.objects.select_related("group"), key=lambda service: (place(service.group), place(service)))
        },
        countries={
            country.code: Term(country.code, country.name, group=country.region)
            for country in sorted(Country.objects.all(), key=lambda country: fold(country.name))
        },
        groups=groups,
        ai_levels={level.value: Term(level.value, level.label) for level in AILevel},
        stages=terms("stages"),
        therapeutic_areas=terms("therapeutic_areas"),
        modalities=terms("modalities"),
        accreditations=terms("accreditations"),
        ai_uses=terms("ai_uses"),
    )
    return replace(vocabulary, former=former_slugs(vocabulary))


def former_slugs(vocabulary: Vocabulary) -> dict[str, dict[str, str]]:
    """By list, the slugs of today by former ones; without those that lead to nothing, or that are in use again."""
    former: dict[str, dict[str, str]] = {}
    for row in FormerSlug.objects.exclude(vocabulary=FormerSlug.Vocabulary.SERVICE_GROUPS):
        terms = vocabulary.terms(row.vocabulary)
        if row.new in terms and row.old not in terms:
            former.setdefault(row.vocabulary, {})[row.old] = row.new
    return former


def rename(name: str, old: str, new: str):
    """Remember that an entry of a list has a new slug. Call it in the transaction that changes the entry."""
    slugs = FormerSlug.objects.filter(vocabulary=name)
    slugs.filter(old=new).delete()  # in use again
    slugs.filter(new=old).update(new=new)
    slugs.create(vocabulary=name, old=old, new=new)
    # What sources support, and what none does, names values by their slugs.
    key = "ai" if name == "ai_uses" else name
    before, after = f"{key}:{old}", f"{key}:{new}"
    for table, column in ((tables.Source, "supports"), (tables.Vendor, "unsourced")):
        written = Contains(Cast(column, models.TextField()), f'"{before}"')
        for row in table._default_manager.filter(written):
            setattr(row, column, [after if fact == before else fact for fact in getattr(row, column)])
            row.save(update_fields=[column])


def load(path: Path, *, only_new: bool = False) -> tuple[int, int]:
    """Store the vocabularies of a file; returns how many entries were added and how many were changed.

    An entry is found again by its slug, also by a former one. With `only_new` entries that are stored keep what a curator made of them.
    Nothing is ever removed: records may use it.
    """
    data = json.loads(path.read_text(encoding="utf-8"))
    added = changed = 0
    with transaction.atomic():
        former = {(row.vocabulary, row.old): row.new for row in FormerSlug.objects.all()}
        for name, table in TABLES.items():
            groups = dict(ServiceGroup.objects.values_list("slug", "pk"))
            taken = set(table._default_manager.values_list("slug", flat=True))
            rows = {}
            for order, row in enumerate(data[name], 1):
                slug = row["slug"] if row["slug"] in taken else former.get((name, row["slug"]), row["slug"])
                rows[slug] = {"name": row["name"], "order": order, "description": row.get("description", "")}
                if table is ServiceGroup:
                    rows[slug]["lane"] = row["lane"]
                if table is Service:
                    rows[slug]["group_id"] = groups.get(row["group"]) or groups[former["service_groups", row["group"]]]
            more = put(table, "slug", rows, only_new=only_new)
            added, changed = added + more[0], changed + more[1]
        rows = {row["code"]: {"name": row["name"], "region": row["region"]} for row in data["countries"]}
        more = put(Country, "code", rows, only_new=only_new)
        added, changed = added + more[0], changed + more[1]
        if added or changed:
            CatalogueVersion.bump()
    return added, changed


def put(table: type[models.Model], key: str, rows: Mapping[str, Mapping[str, object]], *, only_new: bool) -> tuple[int, int]:
    """Store the rows of one table by their key; returns how many were added and how many were changed."""
    stored = {getattr(entry, key): entry for entry in table._default_manager.all()}
    table._default_manager.bulk_create([table(**{key: name}, **values) for name, values in rows.items() if name not in stored])
    changed = 0
    for name, entry in stored.items():
        values = {} if only_new else rows.get(name, {})
        if any(getattr(entry, column) != value for column, value in values.items()):
            for column, value in values.items():
                setattr(entry, column, value)
            entry.save()
            changed += 1
    return len(rows.keys() - stored.keys()), changed
