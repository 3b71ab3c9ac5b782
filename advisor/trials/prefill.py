"""Reads a study record into the fields of a profile, each with where it came from, and says what was left empty and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from advisor.engine.profile import NAME_LENGTH
from advisor.trials import areas, modalities
from advisor.trials.record import mapping, mappings, shown, text, texts
from vendors.catalogue import Vocabulary
from vendors.folding import fold

# Early phase 1 is exploratory dosing in people, so it is phase 1 here; NA is left empty.
STAGE_OF_PHASE: Mapping[str, str] = {
    "EARLY_PHASE1": "phase-1", "PHASE1": "phase-1", "PHASE2": "phase-2", "PHASE3": "phase-3", "PHASE4": "post-marketing",
}  # fmt: skip
PHASE_NAMES: Mapping[str, str] = {
    "EARLY_PHASE1": "early phase 1", "PHASE1": "phase 1", "PHASE2": "phase 2", "PHASE3": "phase 3", "PHASE4": "phase 4",
}  # fmt: skip
# What the overall status says about whether the program still is where the trial was.
STATUS_REMARKS: Mapping[str, str] = {
    "COMPLETED": "The trial is completed; choose a later stage if the program has moved on.",
    "TERMINATED": "The trial was stopped early; check that the program is still at this stage.",
    "WITHDRAWN": "The trial was withdrawn before anybody took part; check that the program is still at this stage.",
    "SUSPENDED": "The trial is suspended; check that the program is still at this stage.",
    "UNKNOWN": "The registry has heard nothing of the trial for two years; check that the program is still at this stage.",
    "APPROVED_FOR_MARKETING": "The registry lists the product as approved; choose a later stage if that is what you plan for.",
    "NO_LONGER_AVAILABLE": "The registry lists the product as no longer available; check the stage.",
}
# Names of the registry, of today and of older copies, for countries that the vocabulary calls otherwise.
OTHER_NAMES: Mapping[str, str] = {
    fold(name): code
    for name, code in {
        "Korea, Republic of": "KR", "Republic of Korea": "KR", "Korea, Democratic People's Republic of": "KP", "Turkey (Türkiye)": "TR",
        "Türkiye": "TR", "Turkiye": "TR", "Russian Federation": "RU", "Czech Republic": "CZ", "Iran, Islamic Republic of": "IR",
        "Viet Nam": "VN", "Moldova, Republic of": "MD", "Republic of Moldova": "MD", "Macedonia": "MK",
        "Macedonia, The Former Yugoslav Republic of": "MK", "Former Yugoslav Republic of Macedonia": "MK", "Congo": "CG",
        "Republic of the Congo": "CG", "Congo, The Democratic Republic of the": "CD", "Democratic Republic of the Congo": "CD",
        "Côte D'Ivoire": "CI", "Côte d’Ivoire": "CI", "Lao People's Democratic Republic": "LA", "Libyan Arab Jamahiriya": "LY",
        "Syrian Arab Republic": "SY", "Tanzania, United Republic of": "TZ", "United Republic of Tanzania": "TZ", "Palestine": "PS",
        "Palestinian Territory, Occupied": "PS", "Palestinian Territories, Occupied": "PS", "Brunei Darussalam": "BN",
        "Bolivia, Plurinational State of": "BO", "Venezuela, Bolivarian Republic of": "VE", "Swaziland": "SZ", "Burma": "MM",
        "Myanmar (Burma)": "MM", "Macau": "MO", "Cabo Verde": "CV", "Holy See (Vatican City State)": "VA", "Holy See": "VA",
        "Saint Vincent and the Grenadines": "VC", "Micronesia, Federated States of": "FM", "Federated States of Micronesia": "FM",
        "Virgin Islands (U.S.)": "VI", "Virgin Islands, U.S.": "VI", "Virgin Islands, British": "VG", "The Gambia": "GM",
        "Gambia, The": "GM",
        "The Bahamas": "BS", "Bahamas, The": "BS", "Taiwan, Province of China": "TW", "USA": "US", "United States of America": "US",
        "UK": "GB", "Great Britain": "GB", "East Timor": "TL", "Faeroe Islands": "FO", "United States Minor Outlying Islands": "UM",
        "Falkland Islands (Malvinas)": "FK", "Hong Kong SAR": "HK",
    }.items()
}  # fmt: skip
FIELD_NAMES: Mapping[str, str] = {
    "name": "Working title", "stage": "Stage now", "through": "Through stage", "modality": "Modality",
    "therapeutic_areas": "Therapeutic areas", "countries": "Countries",
}  # fmt: skip
NOT_THERE = "The record does not say; choose it yourself."


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a field's value was read: the registry's field in words and what stands there, with the trial's number."""

    trial: str
    field: str
    read: str
    remark: str = ""

    def __str__(self) -> str:
        remark = f" {self.remark}" if self.remark else ""
        return f"from {self.trial}, {self.field}: {self.read}.{remark}"

    def as_dict(self) -> dict[str, str]:
        """As a program keeps it."""
        return {"from": "registry", "trial": self.trial, "field": self.field, "read": self.read}


@dataclass(slots=True)
class Prefill:
    """A profile's first fields as a trial gives them. `origins` and `left` are by profile key; a key is in one of them or in none."""

    trial: str
    profile: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)

    def fill(self, key: str, value: object, where: str, read: str, remark: str = "") -> None:
        self.profile[key] = value
        self.origins[key] = Origin(self.trial, where, read, remark)


def prefill(study: Mapping[str, Any], vocabulary: Vocabulary) -> Prefill:
    """What a study of `record.open_record` says of its program, in the slugs of the vocabulary. Never raises."""
    protocol, derived = mapping(study.get("protocolSection")), mapping(study.get("derivedSection"))
    identification = mapping(protocol.get("identificationModule"))
    result = Prefill(text(identification.get("nctId")))
    titles = [line for key in ("briefTitle", "officialTitle", "acronym") if (line := text(identification.get(key)))]
    read_name(result, identification)
    read_stage(result, protocol, vocabulary)
    read_areas(result, protocol, derived, vocabulary)
    read_modality(result, protocol, derived, titles, vocabulary)
    read_countries(result, protocol, vocabulary)
    return result


def read_name(result: Prefill, identification: Mapping[str, Any]) -> None:
    title, acronym = text(identification.get("briefTitle")), text(identification.get("acronym"))
    where = "brief title"
    if not title:
        title, where = text(identification.get("officialTitle")), "official title"
    if acronym and acronym.casefold() not in title.casefold():
        title, where = (f"{acronym}: {title}", f"acronym and {where}") if title else (acronym, "acronym")
    if not title:
        result.left["name"] = "The record has no title that can be read."
        return
    remark = ""
    if len(title) > NAME_LENGTH:
        title, remark = title[: NAME_LENGTH - 1].rpartition(" ")[0].rstrip(" ,;:") or title[: NAME_LENGTH - 1], "It was shortened."
        title += "…"
    result.fill("name", title, where, f"“{shown(title, 80)}”", remark)


def read_stage(result: Prefill, protocol: Mapping[str, Any], vocabulary: Vocabulary) -> None:
    design = mapping(protocol.get("designModule"))
    given = texts(design.get("phases"))
    phases = [phase for phase in PHASE_NAMES if phase in given]
    stages = [stage for stage in vocabulary.stages if stage in {STAGE_OF_PHASE[phase] for phase in phases}]
    if not stages:
        result.left["stage"] = why_no_stage(given, text(design.get("studyType")))
        return
    read = " and ".join(PHASE_NAMES[phase] for phase in phases)
    remark = STATUS_REMARKS.get(text(mapping(protocol.get("statusModule")).get("overallStatus")), "")
    result.fill("stage", stages[0], "phases", read, remark)
    if len(stages) > 1:
        result.fill("through", stages[-1], "phases", read)


def why_no_stage(given: Sequence[str], study_type: str) -> str:
    if "NA" in given:
        return "The registry gives no phase (NA), as for trials of devices or behaviour; choose the stage yourself."
    if given:
        return f"The phase {', '.join(shown(phase, 20) for phase in given[:3])} is not one that is known here; choose the stage yourself."
    if study_type == "OBSERVATIONAL":
        return "An observational study has no phase; choose the stage yourself."
    if study_type == "EXPANDED_ACCESS":
        return "Expanded access has no phase; choose the stage yourself."
    return "The record names no phase; choose the stage yourself."


def read_areas(result: Prefill, protocol: Mapping[str, Any], derived: Mapping[str, Any], vocabulary: Vocabulary) -> None:
    module = mapping(derived.get("conditionBrowseModule"))
    conditions = texts(mapping(protocol.get("conditionsModule")).get("conditions"))[: modalities.MOST]
    by_condition = {condition: areas.by_words(condition) for condition in conditions}
    diseases = [condition for condition in conditions if not areas.names_no_disease(condition)]
    unread = [condition for condition in diseases if not by_condition[condition]]
    found: dict[str, str] = {}
    for condition in diseases:
        for area in by_condition[condition]:
            found.setdefault(area, f"condition “{shown(condition, 50)}”")
    if unread or not diseases:
        ids = [text(entry.get("id")) for key in ("meshes", "ancestors") for entry in mappings(module.get(key))]
        for area, name in areas.by_mesh(ids).items():
            # Beside a cancer that the sponsor names, an organ's branch is that of the cancer.
            if "oncology" not in found or area in areas.BESIDE_CANCER:
                found.setdefault(area, f"MeSH branch {name}")
        if not ids:
            for group in mappings(module.get("browseBranches")):
                if area_of_group := areas.GROUPS.get(text(group.get("abbrev"))):
                    found.setdefault(area_of_group, f"the registry's group {shown(text(group.get('name')), 50)}")
    if texts(mapping(protocol.get("eligibilityModule")).get("stdAges")) == ["CHILD"]:
        found["pediatrics"] = "only children can take part"
    found = {area: why for area, why in found.items() if area in vocabulary.therapeutic_areas}
    if not found:
        result.left["therapeutic_areas"] = why_no_area(conditions, diseases)
        return
    order = [area for area in vocabulary.therapeutic_areas if area in found]
    read = "; ".join(f"{vocabulary.name('therapeutic_areas', area)} by {found[area]}" for area in order)
    remark = "It enrols healthy people, so the area is that of the registry's terms." if conditions and not diseases else ""
    result.fill("therapeutic_areas", order, "conditions and MeSH terms", read, remark)


def why_no_area(conditions: Sequence[str], diseases: Sequence[str]) -> str:
    if diseases:
        named = ", ".join(f"“{shown(condition, 50)}”" for condition in diseases[:3])
        return f"No area could be read from the conditions ({named}); choose it yourself."
    if conditions:
        return "The record enrols healthy people or names no disease; choose the area yourself."
    return "The record lists no conditions; choose the area yourself."


def read_modality(
    result: Prefill, protocol: Mapping[str, Any], derived: Mapping[str, Any], titles: Sequence[str], vocabulary: Vocabulary
) -> None:
    reading = modalities.read(protocol, derived, titles)
    if reading.modality in vocabulary.modalities:
        result.fill("modality", reading.modality, reading.field, reading.evidence)
        vaccine_for_prevention = (
            text(mapping(mapping(protocol.get("designModule")).get("designInfo")).get("primaryPurpose")) == "PREVENTION"
            and (reading.modality == "vaccine" or "vaccin" in fold(" ".join(titles)))
            and "vaccines" in vocabulary.therapeutic_areas
        )
        if vaccine_for_prevention:
            add_area(result, "vaccines", "a vaccine given to prevent a disease", vocabulary)
    else:
        result.left["modality"] = f"Not read: {reading.evidence}. Choose it yourself."


def add_area(result: Prefill, area: str, why: str, vocabulary: Vocabulary) -> None:
    before = result.profile.get("therapeutic_areas", [])
    read = f"{vocabulary.name('therapeutic_areas', area)} by {why}"
    earlier = result.origins.get("therapeutic_areas")
    result.left.pop("therapeutic_areas", None)
    order = [slug for slug in vocabulary.therapeutic_areas if slug in {*before, area}]
    result.fill("therapeutic_areas", order, "conditions and MeSH terms", f"{earlier.read}; {read}" if earlier else read)


def read_countries(result: Prefill, protocol: Mapping[str, Any], vocabulary: Vocabulary) -> None:
    locations = list(mappings(mapping(protocol.get("contactsLocationsModule")).get("locations")))
    names = Counter(name for place in locations if (name := text(place.get("country"))))
    codes = {fold(term.name): code for code, term in vocabulary.countries.items()}
    known: Counter[str] = Counter()
    unknown = []
    for name, sites in names.items():
        code = codes.get(fold(name)) or OTHER_NAMES.get(fold(name))
        if code in vocabulary.countries:
            known[str(code)] += sites
        else:
            unknown.append(name)
    unread = f"Not known here: {', '.join(shown(name, 40) for name in unknown[:5])}." if unknown else ""
    if not known:
        result.left["countries"] = unread or "The record lists no places; name the countries yourself."
        return
    # Those with the most sites first, so that a reader who shortens the list keeps what matters.
    order = sorted(known, key=lambda code: (-known[code], vocabulary.name("countries", code)))
    sites = sum(known.values())
    read = f"{sites} {'site' if sites == 1 else 'sites'} in {len(order)} {'country' if len(order) == 1 else 'countries'}"
    result.fill("countries", order, "locations", read, unread)
