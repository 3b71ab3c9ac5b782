"""The closed vocabularies: from a file into their tables, and from the tables into the value that the rest works with."""

import json
from pathlib import Path

from django.db import models, transaction

from vendors import models as tables
from vendors.catalogue import Term, Vocabulary
from vendors.models import AILevel, CatalogueVersion, Country, Service, ServiceGroup

# Tables by the name that files, records and profiles use for them; groups come before the services that name them.
TABLES: dict[str, type[models.Model]] = {
    "service_groups": ServiceGroup,
    "services": Service,
    "stages": tables.Stage,
    "therapeutic_areas": tables.TherapeuticArea,
    "modalities": tables.Modality,
    "accreditations": tables.Accreditation,
    "ai_uses": tables.AIUse,
}


def stored_vocabulary() -> Vocabulary:
    """The vocabularies as they are in the database now; eight queries."""
    groups = {
        group.slug: Term(group.slug, group.name, lane=group.lane, description=group.description) for group in ServiceGroup.objects.all()
    }

    def terms(name: str) -> dict[str, Term]:
        return {term.slug: Term(term.slug, term.name, description=term.description) for term in TABLES[name].objects.all()}

    return Vocabulary(
        services={
            service.slug: Term(service.slug, service.name, service.group.slug, service.group.lane, service.description)
            for service in Service.objects.select_related("group")
        },
        countries={country.code: Term(country.code, country.name, group=country.region) for country in Country.objects.all()},
        groups=groups,
        ai_levels={level.value: Term(level.value, level.label) for level in AILevel},
        **{name: terms(name) for name in TABLES if name not in {"service_groups", "services"}},
    )


def load(path: Path, *, only_new: bool = False) -> tuple[int, int]:
    """Store the vocabularies of a file; returns how many entries were added and how many were changed.

    An entry is found again by its slug. With `only_new` entries that are stored keep what a curator made of them.
    Nothing is ever removed: records may use it.
    """
    data = json.loads(path.read_text(encoding="utf-8"))
    added = changed = 0
    with transaction.atomic():
        for name, table in TABLES.items():
            stored = {entry.slug: entry for entry in table.objects.all()}
            for order, row in enumerate(data[name], 1):
                values = {"name": row["name"], "order": order, "description": row.get("description", "")}
                if table is ServiceGroup:
                    values["lane"] = row["lane"]
                if table is Service:
                    values["group"] = ServiceGroup.objects.get(slug=row["group"])
                more = put(table, stored.get(row["slug"]), {"slug": row["slug"]}, values, only_new=only_new)
                added, changed = added + more[0], changed + more[1]
        stored_countries = {country.code: country for country in Country.objects.all()}
        for row in data["countries"]:
            values = {"name": row["name"], "region": row["region"]}
            more = put(Country, stored_countries.get(row["code"]), {"code": row["code"]}, values, only_new=only_new)
            added, changed = added + more[0], changed + more[1]
        if added or changed:
            CatalogueVersion.bump()
    return added, changed


def put(table: type[models.Model], entry, key: dict, values: dict, *, only_new: bool) -> tuple[int, int]:
    """Store one entry; (1, 0) when it was added, (0, 1) when it was changed, (0, 0) when it was left alone."""
    if entry is None:
        table.objects.create(**key, **values)
        return 1, 0
    if only_new or all(getattr(entry, name) == value for name, value in values.items()):
        return 0, 0
    for name, value in values.items():
        setattr(entry, name, value)
    entry.save()
    return 0, 1
