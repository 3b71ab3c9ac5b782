"""What is known about outsourcing partners, and where it was read."""

import datetime as dt
import re
import secrets
from collections.abc import Iterable
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.urls import reverse

from vendors import evidence
from vendors.catalogue import STALE_AFTER
from vendors.folding import fold

# The parts of a record that a source can support, in the order in which a reader meets them.
FACTS = {
    "name": "Name",
    "aliases": "Other names",
    "type": "Type",
    "parent": "Owner",
    "website": "Website",
    "hq": "Headquarters",
    "founded": "Founded",
    "employees": "Employees",
    "summary": "Summary",
    "services": "Services",
    "stages": "Stages",
    "therapeutic_areas": "Therapeutic areas",
    "modalities": "Modalities",
    "accreditations": "Accreditations and inspections",
    "sites": "Sites",
    "ai": "AI adoption",
}

slug_pattern = RegexValidator(
    re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*\Z"), "Write small letters, figures and single hyphens, such as fill-finish-2.", "invalid"
)
partial_date = RegexValidator(
    re.compile(r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?\Z"), "Write YYYY-MM-DD, YYYY-MM or YYYY.", "invalid"
)
# Pages beside those of the vendors, which a vendor of that name would hide or be hidden by.
RESERVED_SLUGS = frozenset({"compare", "landscape"})
web_address = URLValidator(schemes=["http", "https"])


class SlugField(models.CharField):
    """The name of a thing in addresses, files and JSON."""

    def __init__(self, **options):
        super().__init__(**{"max_length": 80, "unique": True, "validators": [slug_pattern], **options})


class FoldedField(models.TextField):
    """A column that follows another attribute of its record, folded; written with every save, edited by nobody.

    source: name of the attribute or method without arguments that gives the text.
    """

    def __init__(self, source: str, **options):
        self.source = source
        super().__init__(**{**options, "editable": False, "default": ""})

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "source": self.source}

    def pre_save(self, instance, add):
        value = getattr(instance, self.source)
        folded = fold(value() if callable(value) else value)
        setattr(instance, self.attname, folded)
        return folded


class Type(models.TextChoices):
    """What a vendor is mainly hired for."""

    CRO = "CRO", "CRO"
    CMO = "CMO", "CMO"
    CDMO = "CDMO", "CDMO"


TYPE_NAMES = {
    Type.CRO: "Contract research organization",
    Type.CMO: "Contract manufacturing organization",
    Type.CDMO: "Contract development and manufacturing organization",
}


class Lane(models.TextChoices):
    """The two halves of a program's needs, which are advised separately."""

    RESEARCH = "research", "Research"
    MAKING = "making", "Making"


class AILevel(models.TextChoices):
    """How far a vendor uses AI, by the evidence found; empty means that nobody has looked yet."""

    NONE_DISCLOSED = "none-disclosed", "None disclosed"
    EXPLORING = "exploring", "Exploring"
    APPLIED = "applied", "Applied"
    EMBEDDED = "embedded", "Embedded"


AI_LEVEL_MEANINGS = {
    "": "Nobody has looked yet",
    AILevel.NONE_DISCLOSED: "Looked for; no public statement of AI use was found",
    AILevel.EXPLORING: "A pilot, a partnership or a plan was announced",
    AILevel.APPLIED: "AI is in use in at least one service offered today",
    AILevel.EMBEDDED: "AI is part of several services, or of a named platform that the offer rests on",
}
# The levels that a source has to show, and that named uses go with.
AI_LEVELS_WITH_EVIDENCE = (AILevel.EXPLORING, AILevel.APPLIED, AILevel.EMBEDDED)


class Term(models.Model):
    """One entry of a closed vocabulary. The slug is what files and addresses use, so it should never change."""

    slug = SlugField()
    name = models.CharField(max_length=120, unique=True)
    order = models.PositiveSmallIntegerField(default=0, help_text="Place in lists; equal numbers sort by name.")
    description = models.TextField(blank=True, help_text="One sentence for somebody who does not know the term.")

    class Meta:
        abstract = True
        ordering: ClassVar = ["order", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(slug=""), name="%(class)s_has_slug"),
            models.CheckConstraint(condition=~Q(name=""), name="%(class)s_has_name"),
        ]

    def __str__(self):
        return self.name


class ServiceGroup(Term):
    """A group of services; its lane says whether they are research or making."""

    lane = models.CharField(max_length=8, choices=Lane)

    class Meta(Term.Meta):
        constraints: ClassVar = [
            *Term.Meta.constraints,
            models.CheckConstraint(condition=Q(lane__in=Lane.values), name="servicegroup_lane_is_listed"),
        ]


class Service(Term):
    group = models.ForeignKey(ServiceGroup, models.PROTECT, related_name="services")

    class Meta(Term.Meta):
        ordering: ClassVar = ["group__order", "order", "name"]


class Stage(Term):
    """A stage of development; `order` is the order of time."""


class TherapeuticArea(Term):
    pass


class Modality(Term):
    class Meta(Term.Meta):
        verbose_name_plural = "modalities"


class Accreditation(Term):
    pass


class AIUse(Term):
    class Meta(Term.Meta):
        verbose_name = "AI use"


class Country(models.Model):
    """A country or territory by its two ISO 3166-1 letters, its English name after Unicode CLDR, and our own regions."""

    code = models.CharField(max_length=2, primary_key=True, validators=[RegexValidator(r"^[A-Z]{2}\Z", "Write two capital letters.")])
    name = models.CharField(max_length=60, unique=True)
    region = models.CharField(max_length=40)

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name_plural = "countries"
        constraints: ClassVar = [models.CheckConstraint(condition=Exact(Length("code"), 2), name="country_code_has_two_letters")]

    def __str__(self):
        return self.name


class FormerSlug(models.Model):
    """A slug that an entry of a vocabulary had before it was renamed: addresses with it lead to the slug of today."""

    class Vocabulary(models.TextChoices):
        """The lists that addresses name, as files and records call them."""

        SERVICE_GROUPS = "service_groups", "Service groups"
        SERVICES = "services", "Services"
        STAGES = "stages", "Stages"
        THERAPEUTIC_AREAS = "therapeutic_areas", "Therapeutic areas"
        MODALITIES = "modalities", "Modalities"
        ACCREDITATIONS = "accreditations", "Accreditations"
        AI_USES = "ai_uses", "AI uses"

    vocabulary = models.CharField(max_length=20, choices=Vocabulary)
    old = models.CharField("former slug", max_length=80, validators=[slug_pattern])
    new = models.CharField("slug of today", max_length=80, validators=[slug_pattern])

    class Meta:
        ordering: ClassVar = ["vocabulary", "old"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["vocabulary", "old"],
                name="former_slug_leads_to_one",
                violation_error_message="This former slug leads somewhere already.",
            ),
            models.CheckConstraint(
                condition=~Q(old=F("new")), name="former_slug_differs", violation_error_message="The two slugs are the same."
            ),
            models.CheckConstraint(
                condition=Q(
                    vocabulary__in=["service_groups", "services", "stages", "therapeutic_areas", "modalities", "accreditations", "ai_uses"]
                ),
                name="former_slug_is_of_a_list",
                violation_error_message="Choose one of the lists.",
            ),
        ]

    def __str__(self):
        return f"{self.old}, now {self.new}"


class CatalogueVersion(models.Model):
    """One row whose number grows with every change of the catalogue, so that every process knows when its snapshot is old.

    It grows by a random step: a change that was rolled back must not leave the number that another change then gets.
    """

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_catalogue_version")]

    def __str__(self):
        return str(self.number)

    @classmethod
    def bump(cls):
        """Say that the catalogue changed. Call it in the transaction that changes a vendor or a vocabulary."""
        step = 1 + secrets.randbelow(2**32)
        if not cls.objects.filter(pk=1).update(number=F("number") + step):
            cls.objects.create(pk=1, number=step)

    @classmethod
    def current(cls) -> int:
        """The number now; 0 before the first change."""
        return cls.objects.filter(pk=1).values_list("number", flat=True).first() or 0


class VendorQuerySet(models.QuerySet):
    def published(self):
        """The vendors that readers see."""
        return self.filter(status=Vendor.Status.PUBLISHED)

    def stale(self, today: dt.date):
        """Last checked against their sources more than a year before `today`."""
        # Leaves out vendors without a date: never verified is not the same as stale.
        return self.filter(verified_on__lt=today - STALE_AFTER)

    def for_list(self):
        """All that a catalogue row shows, in a constant number of queries."""
        return self.select_related("hq_country").prefetch_related("services", "stages", "sources")

    def for_page(self):
        """All that a vendor's own page shows."""
        return self.for_list().prefetch_related("therapeutic_areas", "modalities", "accreditations", "ai_uses", "sites__country")


def check_aliases(value):
    """Validator: a list of different names, none empty."""
    if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
        raise ValidationError("Write one name a line, none of them empty.")
    if len(set(value)) != len(value):
        raise ValidationError("A name is there twice.")


def check_supports(value):
    """Validator: a list of different facts, each a key of FACTS or one value of it, such as `services:bioanalysis`."""
    if not isinstance(value, list) or not all(isinstance(fact, str) and is_fact(fact) for fact in value) or len(set(value)) != len(value):
        raise ValidationError(f"Choose among {', '.join(FACTS)}, or one value of a list such as services:bioanalysis, each once.")


def is_fact(fact: str) -> bool:
    """Whether it has the form of a fact; see `vendors.evidence`."""
    key, separator, value = fact.partition(":")
    # The level has a place of its own: `ai.sources` in a record, `shows_ai_level` in the table.
    return key in FACTS and fact != evidence.AI_LEVEL and (not separator or (key in evidence.VALUED and bool(value)))


class Vendor(models.Model):
    """An outsourcing partner that is hired separately. An empty value means unknown, never no."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        ARCHIVED = "archived", "Archived"

    slug = SlugField(help_text="The vendor's name in addresses and files; it should never change.")
    name = models.CharField(max_length=120, help_text="As the company writes it today.")
    sort_name = FoldedField("name")
    aliases = models.JSONField(default=list, blank=True, validators=[check_aliases], help_text="Former names, short forms, brands.")
    search_names = FoldedField("all_names")
    type = models.CharField(max_length=4, choices=Type, help_text="What this business is mainly hired for.")
    parent = models.CharField("owner", max_length=120, blank=True, help_text="The owning company's name. Empty: unknown, or none.")
    website = models.URLField(max_length=500, blank=True, validators=[web_address])
    hq_city = models.CharField("headquarters: city", max_length=80, blank=True)
    hq_country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="headquarters: country")
    founded = models.PositiveSmallIntegerField("founded in", null=True, blank=True)
    employees = models.PositiveIntegerField("employees, about", null=True, blank=True)
    employees_year = models.PositiveSmallIntegerField("employees: year of the figure", null=True, blank=True)
    summary = models.TextField(blank=True, help_text="One or two sentences in our own words: what it is hired for.")
    services = models.ManyToManyField(Service, blank=True, related_name="vendors")
    stages = models.ManyToManyField(Stage, blank=True, related_name="vendors")
    therapeutic_areas = models.ManyToManyField(TherapeuticArea, blank=True, related_name="vendors")
    modalities = models.ManyToManyField(Modality, blank=True, related_name="vendors")
    accreditations = models.ManyToManyField(Accreditation, blank=True, related_name="vendors")
    ai_level = models.CharField("AI level", max_length=16, choices=AILevel, blank=True, help_text="Empty: nobody has looked yet.")
    ai_uses = models.ManyToManyField(AIUse, blank=True, related_name="vendors", verbose_name="AI uses")
    ai_note = models.CharField("AI note", max_length=300, blank=True)
    ai_checked_on = models.DateField("AI checked on", null=True, blank=True, help_text="The day somebody looked, found or not.")
    verified_on = models.DateField(null=True, blank=True, help_text="The day you compared this record with its sources. Empty: nobody has.")
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT, help_text="Readers see published records only.")
    verified_by = models.CharField(max_length=150, blank=True, editable=False, help_text="Who did so. Empty: not known.")
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors",
        help_text="The vendor that this one went into; the address of an archived record leads there.",
    )  # fmt: skip
    unsourced = models.JSONField(default=list, editable=False, help_text="The facts that no source supports; written with every save.")
    unsourced_number = models.PositiveSmallIntegerField(default=0, editable=False, help_text="How many of them need one.")
    changed_at = models.DateTimeField(auto_now=True)

    objects = VendorQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sort_name", "slug"]
        indexes: ClassVar = [models.Index(fields=["status", "sort_name"], name="vendor_published_by_name")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(slug=""), name="vendor_has_slug"),
            models.CheckConstraint(condition=~Q(name=""), name="vendor_has_name"),
            models.CheckConstraint(
                condition=Q(type__in=Type.values), name="vendor_type_is_listed", violation_error_message="Choose CRO, CMO or CDMO."
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "archived"]),
                name="vendor_status_is_listed",
                violation_error_message="Choose draft, published or archived.",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(verified_on__isnull=False),
                name="published_vendor_is_verified",
                violation_error_message="Enter the day the record was verified before publishing it.",
            ),
            models.CheckConstraint(
                condition=Q(ai_level__in=["", *AILevel.values]),
                name="vendor_ai_level_is_listed",
                violation_error_message="Choose one of the AI levels, or leave it empty.",
            ),
            models.CheckConstraint(
                condition=Q(ai_level="", ai_checked_on__isnull=True) | (~Q(ai_level="") & Q(ai_checked_on__isnull=False)),
                name="vendor_ai_level_has_a_day",
                violation_error_message="The AI level and the day it was checked go together: fill in both or neither.",
            ),
            models.CheckConstraint(
                condition=Q(hq_city="") | Q(hq_country__isnull=False),
                name="vendor_hq_city_has_country",
                violation_error_message="Choose the country of the headquarters.",
            ),
            models.CheckConstraint(
                condition=Q(employees__isnull=True, employees_year__isnull=True)
                # That neither is empty is said too: a comparison with nothing is unknown, and a database lets unknown pass.
                | Q(
                    employees__isnull=False,
                    employees_year__isnull=False,
                    employees__range=(1, 10_000_000),
                    employees_year__range=(1900, 2100),
                ),
                name="vendor_employees_have_a_year",
                violation_error_message="The number of employees, 1 to 10,000,000, and its year go together: fill in both or neither.",
            ),
            models.CheckConstraint(
                condition=Q(founded__isnull=True) | Q(founded__gte=1600, founded__lte=2100),
                name="vendor_founded_is_a_year",
                violation_error_message="Write the year of foundation with four figures.",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | (Q(status="archived") & ~Q(successor=F("id"))),
                name="vendor_with_successor_is_archived",
                violation_error_message="Only an archived record has a successor, which is another vendor.",
            ),
        ]
        permissions: ClassVar = [
            ("curate_vendor", "Can verify, rename, archive, merge and import vendors, and change many at once"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("vendors:detail", args=[self.slug])

    def clean_fields(self, exclude=None):
        super().clean_fields(exclude=exclude)
        if self.slug in RESERVED_SLUGS and "slug" not in (exclude or ()):
            raise ValidationError({"slug": "A page of the portal has this address; choose another slug."})

    def all_names(self) -> str:
        """The name and every alias, one a line, as search compares them."""
        return " | ".join([self.name, *self.aliases])

    def is_stale(self, today: dt.date) -> bool:
        return self.verified_on is not None and self.verified_on < today - STALE_AFTER

    def archived_by(self) -> "Revision | None":
        """The change that took it out of the catalogue, where one did."""
        made = self.revisions.filter(status=Revision.Status.APPLIED, after__status=self.Status.ARCHIVED)
        return made.exclude(before__status=self.Status.ARCHIVED).first()

    def last_successor(self) -> "Vendor | None":
        """The vendor that this one went into, and that one again, as far as it goes; None where nothing leads to a page."""
        seen, vendor = {self.pk}, self.successor
        while vendor and vendor.pk not in seen:
            if vendor.status == Vendor.Status.PUBLISHED:
                return vendor
            seen.add(vendor.pk)
            vendor = vendor.successor
        return None

    def sources_of(self, fact: str) -> list["Source"]:
        """The sources that support a fact. Reads the prefetched sources, so it costs no query on a page."""
        return [source for source in self.sources.all() if source.supports_fact(fact)]

    def name_of(self, fact: str) -> str:
        """One value of a list in words, or the fact's key in words. Reads what `for_page()` fetched."""
        key, value = evidence.key_of(fact), evidence.value_of(fact)
        if not value:
            return FACTS[key]
        if fact == evidence.AI_LEVEL:
            return "AI level"
        if key in {"aliases", "sites"}:
            return value
        terms = self.ai_uses if key == "ai" else getattr(self, key)
        return next((term.name for term in terms.all() if term.slug == value), value)

    def names_of(self, facts: Iterable[str]) -> list[str]:
        """Facts in words and in their order, the values of one list together: "Stages", "Services: Bioanalysis, Biostatistics"."""
        by_key: dict[str, list[str]] = {}
        for fact in facts:
            by_key.setdefault(evidence.key_of(fact), []).append(fact)
        return [
            name if key in by_key[key] else f"{name}: {', '.join(self.name_of(fact) for fact in by_key[key])}"
            for key, name in FACTS.items()
            if key in by_key
        ]

    def source_numbers(self, fact: str) -> list[int]:
        """Places in the vendor's list of sources, from 1, of those that support a fact, or any value of a list."""
        return [number for number, source in enumerate(self.sources.all(), 1) if source.supports_fact(fact)]


class FormerVendorSlug(models.Model):
    """A slug that a vendor had before it was renamed: its address leads to the vendor's page of today."""

    old = SlugField(verbose_name="former slug")
    vendor = models.ForeignKey(Vendor, models.CASCADE, related_name="former_slugs")

    class Meta:
        ordering: ClassVar = ["old"]

    def __str__(self):
        return f"{self.old}, now {self.vendor_id}"


class Site(models.Model):
    """A place where a vendor works."""

    vendor = models.ForeignKey(Vendor, models.CASCADE, related_name="sites")
    position = models.PositiveSmallIntegerField(default=0)
    city = models.CharField(max_length=80)
    country = models.ForeignKey(Country, models.PROTECT, related_name="sites")
    what = models.CharField("what is there", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(city=""), name="site_has_city"),
            models.UniqueConstraint(
                fields=["vendor", "city", "country", "what"], name="site_is_there_once", violation_error_message="This site is there twice."
            ),
        ]

    def __str__(self):
        return f"{self.city}, {self.country_id}"

    @property
    def place(self) -> str:
        """The site as sources name it; see `vendors.evidence`."""
        return f"{self.city}, {self.country_id}"


class Source(models.Model):
    """An address where facts about one vendor were read."""

    vendor = models.ForeignKey(Vendor, models.CASCADE, related_name="sources")
    position = models.PositiveSmallIntegerField(default=0)
    url = models.URLField("address", max_length=1000, validators=[web_address])
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=120)
    published = models.CharField(max_length=10, blank=True, validators=[partial_date], help_text="YYYY-MM-DD, YYYY-MM or YYYY.")
    read_on = models.DateField(null=True, blank=True, help_text="The day somebody read it. Empty: the day the record was verified.")
    supports = models.JSONField(default=list, blank=True, validators=[check_supports], help_text="The facts it shows.")
    shows_ai_level = models.BooleanField("shows the AI level", default=False)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(url__startswith="http://") | Q(url__startswith="https://"),
                name="source_address_is_on_the_web",
                violation_error_message="Write an address that begins with http:// or https://.",
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(publisher=""), name="source_has_title_and_publisher"),
            models.UniqueConstraint(
                fields=["vendor", "url"], name="source_is_there_once", violation_error_message="This address is there twice."
            ),
        ]

    def __str__(self):
        return self.title

    def supports_fact(self, fact: str) -> bool:
        """Whether it shows the fact, or any value of a list; what shows the AI level supports `ai`."""
        return evidence.covers(self.supports, fact) or (self.shows_ai_level and fact in {"ai", evidence.AI_LEVEL})

    @property
    def was_read_on(self) -> dt.date | None:
        return self.read_on or self.vendor.verified_on


class RevisionQuerySet(models.QuerySet):
    def waiting(self):
        """Proposals that nobody has decided about, the oldest first."""
        return self.filter(status=Revision.Status.PROPOSED).order_by("made_at", "pk")


class Revision(models.Model):
    """One change of one vendor's record, proposed or made. Written by `vendors.revisions` only.

    before, after: whole records in the format of `vendors.facts`; before is None where there was no record.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", "Waiting for review"
        APPLIED = "applied", "Applied"
        REJECTED = "rejected", "Rejected"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Origin(models.TextChoices):
        """What it was made with."""

        FORM = "form", "Form"
        IMPORT = "import", "Import"
        BULK = "bulk", "Bulk edit"
        MERGE = "merge", "Merger"
        REVERT = "revert", "Revert"
        VERIFY = "verify", "Verified"
        COMMAND = "command", "Command line"

    class Former(models.TextChoices):
        """What becomes of the facts that a change removes or replaces."""

        SUPERSEDED = "superseded", "Superseded: they were true and are no longer"
        CONTRADICTED = "contradicted", "Contradicted: another source says otherwise"
        MISTAKEN = "mistaken", "Our mistake: the record never should have said so"

    vendor = models.ForeignKey(Vendor, models.SET_NULL, null=True, blank=True, related_name="revisions")
    slug = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    before = models.JSONField(null=True)
    after = models.JSONField()
    former_as = models.CharField("facts that it removes", max_length=12, choices=Former, blank=True)
    reason = models.TextField()
    origin = models.CharField(max_length=8, choices=Origin)
    reverts = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="reverted_by")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=150)
    made_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField(max_length=9, choices=Status)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_by_name = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.TextField(blank=True)
    alone = models.BooleanField("approved by its own author", default=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["status", "made_at"], name="revision_by_status")]
        permissions: ClassVar = [
            ("propose_revision", "Can propose changes of published vendors"),
            ("approve_revision", "Can approve and reject changes that others proposed"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="revision_has_a_reason", violation_error_message="Say why."),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "applied", "rejected", "withdrawn"]), name="revision_status_is_listed"
            ),
            models.CheckConstraint(
                # Nobody decided where the author is missing or no decision was needed; unknown is said, as a database lets it pass.
                condition=~Q(status="applied")
                | Q(alone=True)
                | Q(decided_by__isnull=True)
                | Q(author__isnull=True)
                | ~Q(decided_by=F("author")),
                name="revision_is_approved_by_another",
                violation_error_message="A change is approved by somebody else than its author.",
            ),
        ]

    def __str__(self):
        return f"{self.name}: {self.reason}"


class FormerFact(models.Model):
    """A fact that a record held until it was superseded or contradicted, with the sources that supported it then."""

    class Why(models.TextChoices):
        SUPERSEDED = "superseded", "Superseded"
        CONTRADICTED = "contradicted", "Contradicted"

    vendor = models.ForeignKey(Vendor, models.CASCADE, related_name="former_facts")
    fact = models.TextField()
    value = models.TextField(help_text="In words, as a reader saw it.")
    sources = models.JSONField(default=list, help_text="In the format of a record's sources.")
    why = models.CharField(max_length=12, choices=Why)
    until = models.DateField("day")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="former_facts")

    class Meta:
        ordering: ClassVar = ["-until", "pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(why__in=["superseded", "contradicted"]), name="former_fact_says_why")]

    def __str__(self):
        return f"{FACTS[evidence.key_of(self.fact)]}: {self.value}"


class SearchText(models.Model):
    """The words by which one vendor is found, written by `vendors.search` only.

    The database keeps the index over them by itself, see migration 0002: on SQLite by triggers, which a migration that
    alters this table has to make anew.
    """

    vendor = models.OneToOneField(Vendor, models.CASCADE, primary_key=True, related_name="search_text")
    words = models.TextField()
    rules = models.PositiveSmallIntegerField()

    def __str__(self):
        return f"Words of vendor {self.vendor_id}"


class DuplicateQuerySet(models.QuerySet):
    def open(self):
        """The pairs that nobody has judged yet."""
        return self.filter(dismissed_at__isnull=True)


class Duplicate(models.Model):
    """Two records that may be one vendor, found by `vendors.duplicates`. A pair that was dismissed stays, so that it never comes back."""

    first = models.ForeignKey(Vendor, models.CASCADE, related_name="+")
    second = models.ForeignKey(Vendor, models.CASCADE, related_name="+")
    points = models.PositiveSmallIntegerField(help_text="60 to 100: the higher, the likelier.")
    reasons = models.JSONField(default=list)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    dismissed_by = models.CharField(max_length=150, blank=True)
    dismissal = models.CharField("why they are two", max_length=300, blank=True)

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-points", "first", "second"]
        verbose_name = "suspected duplicate"
        default_permissions = ()
        indexes: ClassVar = [models.Index(fields=["dismissed_at", "-points"], name="duplicate_open_by_points")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_is_there_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_has_its_lower_key_first"),
        ]

    def __str__(self):
        return f"{self.first} and {self.second}"


class DuplicateSearch(models.Model):
    """One row: when duplicates were last looked for, and in which state of the catalogue."""

    made_at = models.DateTimeField()
    version = models.PositiveBigIntegerField()
    vendors = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_duplicate_search")]

    def __str__(self):
        return f"{self.vendors} vendors compared at {self.made_at:%Y-%m-%d %H:%M}"


class SourceAddressQuerySet(models.QuerySet):
    def broken(self):
        """Those that failed on so many different days that it is no passing trouble."""
        return self.filter(failed_days__gte=SourceAddress.BROKEN_AFTER)


class SourceAddress(models.Model):
    """What came back when the address of a source was last asked for. Written by `manage.py check_sources`; nothing is decided by it."""

    BROKEN_AFTER = 3  # different days

    url = models.URLField("address", max_length=1000, unique=True, validators=[web_address])
    checked_at = models.DateTimeField(null=True, blank=True, db_index=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="HTTP status of the last answer; empty where none came.")
    trouble = models.CharField(max_length=200, blank=True, help_text="Why it counts as failed; empty when it did not.")
    final_url = models.CharField("leads to", max_length=1000, blank=True)
    failed_days = models.PositiveSmallIntegerField("failed on so many days", default=0, db_index=True)
    failed_on = models.DateField("last failed on", null=True, blank=True)

    objects = SourceAddressQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-failed_days", "url"]
        verbose_name = "checked source address"
        verbose_name_plural = "checked source addresses"
        default_permissions = ()

    def __str__(self):
        return self.url


class SuggestionQuerySet(models.QuerySet):
    def open(self):
        """Those that nobody has decided about."""
        return self.filter(status=Suggestion.Status.OPEN)

    def beside(self, vendor: int, taken_up: str):
        """What the vendor's form shows beside it: those that wait, and the one that is just being taken up."""
        shown = Q(status=Suggestion.Status.OPEN)
        return self.filter(shown | Q(pk=taken_up) if taken_up.isdecimal() and len(taken_up) < 19 else shown, vendor=vendor)


class Suggestion(models.Model):
    """What a reader says is wrong or missing. It waits for a curator and never changes a record by itself.

    Nothing is kept about who sent it.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Waiting"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"

    vendor = models.ForeignKey(Vendor, models.CASCADE, related_name="suggestions")
    fact = models.CharField("what it is about", max_length=20, choices=[*FACTS.items(), ("other", "Something else")])
    correction = models.TextField("what is right", max_length=1000)
    source_url = models.URLField("address of a page that shows it", max_length=1000, validators=[web_address])
    note = models.TextField(max_length=1000, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField("why so", max_length=500, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
        default_permissions = ()
        indexes: ClassVar = [models.Index(fields=["status", "-made_at"], name="suggestion_by_status")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(source_url__startswith="http://") | Q(source_url__startswith="https://"),
                name="suggestion_address_is_on_the_web",
            ),
        ]

    def __str__(self):
        return f"{self.vendor}: {self.get_fact_display()}"


class Upload(models.Model):
    """A file of records between its preview and its confirmation: what is confirmed is what was looked at. Kept for some hours at most."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    form = models.CharField(max_length=5)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "import"
        default_permissions = ()

    def __str__(self):
        return self.name
