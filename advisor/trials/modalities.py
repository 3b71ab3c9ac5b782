"""The modality of the product that a registered trial tests, read from names and from the registry's terms for them.

A name speaks by its stem: international nonproprietary names (INN) end in one that says what a substance is, such as -mab
or -tinib (WHO, the stem book and its list of biological stems). A company's code says nothing. Where the evidence is thin
or points two ways the answer is none, with the reason: a wrong modality would propose wrong services.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from advisor.trials.areas import descriptor
from advisor.trials.record import mapping, mappings, shown, text, texts
from vendors.folding import fold


@dataclass(frozen=True, slots=True)
class Kind:
    """How the name of a modality's products can be told: by how its last word ends, or by a phrase anywhere in it (folded)."""

    modality: str
    words: str
    endings: str = ""
    phrases: str = r"(?!)"

    def speaks(self, folded: str) -> bool:
        return bool(matcher(self.endings, self.phrases).search(folded))


@cache
def matcher(endings: str, phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\w{{2}}(?:{'|'.join(endings.split())})\b|{phrases}" if endings else phrases)


ISOTOPE = "lu i ac ga f tc zr cu pb bi ra y in at tb sm re".replace(" ", "|")
MASS = "177|131|124|123|225|68|18|99m|89|64|67|61|212|213|223|90|111|211|161|153|188|186"
PAYLOADS = "dotin|tansine|tesirine|tecirine|tecan|ozogamicin|duocarmazine|ribulin"
# The surest first: an antibody with a payload is no longer an antibody, a cell with a gene in it is a cell.
KINDS: Sequence[Kind] = (
    Kind(
        "radiopharmaceutical", "a radionuclide",
        phrases=rf"(?:\b|\[)(?:{MASS})\]?[\s-]?(?:{ISOTOPE})\b|\b(?:{ISOTOPE})[\s-]?(?:{MASS})\b|"
        r"\b(?:lutetium|actinium|gallium|zirconium|astatine|technetium|yttrium|fludeoxyglucose)\b|radioligand|radiopharm|radiolabel",
    ),
    Kind(
        "antibody-drug-conjugate", "an antibody with a payload",
        phrases=rf"\w(?:mab|tug|bart|mig|ment) \w*(?:{PAYLOADS})\b|antibody[\s-]drug[\s-]conjugate|\badcs?\b",
    ),
    Kind(
        "cell-therapy", "living cells", endings="leucel temcel trocel stocel orcel ucel",
        phrases=r"\w{3}cel(?:-[a-z])?\b|\bcar[\s-]?(?:t|nk)s?\b|chimeric antigen receptor|"
        r"\b(?:t|nk|stem|stromal|progenitor|dendritic|islet)[\s-]cells?\b"
        r"(?! (?:lymphoma|leuk|transplant|receptor|engager|depriv|carcinoma|arteritis|disease|factor))|"
        r"tumor[\s-]infiltrating lymphocyte|\bchondrocytes?\b|\bfibroblasts\b|(?:autologous|allogene?ic) (?:\w+ ){0,2}cells\b",
    ),
    Kind("mrna", "messenger RNA", endings="meran", phrases=r"\bmrna\b|messenger rna"),
    Kind("vaccine", "a vaccine", phrases=r"vaccin|toxoid\b"),
    Kind(
        "gene-therapy", "a gene that is delivered or edited", endings="vec",
        phrases=r"\baav\d?\b|adeno-?associated|lentivir|adenovir\w+ vector|"
        r"oncolytic (?:\w+ )?virus|gene therapy|gene[\s-]edit|\bcrispr",
    ),
    Kind(
        "live-biotherapeutic", "live microbes",
        phrases=r"probiotic|microbiota|microbiome|lactobacill|bifidobacter|live biotherapeutic|fa?ecal (?:microb|transpl)",
    ),
    Kind(
        "oligonucleotide", "a short strand of nucleic acid", endings="rsen siran",
        phrases=r"antisense|\bsirna\b|oligonucleotide|morpholino|\baptamer",
    ),
    Kind(
        "antibody-protein", "an antibody or protein",
        endings="mab tug bart mig tamig cept fusp leukin kinra poetin grastim insulin glucosidase galactosidase sulfatase liase cerase",
        phrases=r"monoclonal antibod|bispecific antibod|\bantibody\b|\w{3} (?:alfa|beta)\b|interferon|\bpeg\w{3,}ase\b|"
        r"\w{3,}brosidase\b|"
        r"\binsulin\b|somat\w*tropin|somapacitan|\brecombinant\b(?! (?:\w+ ){0,2}(?:virus|vector|adeno))|"
        r"botulinum|fusion protein|\bimmunoglobulin\b",
    ),
    Kind(
        "peptide", "a peptide", endings="(?<!nucleo)(?<!phos)tide relin relix pressin tocin",
        phrases=r"\boxytocin\b|leuprolide|\bglucagon\b|calcitonin|\bpeptides?\b",
    ),
    Kind(
        "small-molecule", "a substance made by chemical synthesis",
        endings="tinib ciclib parib lisib rafenib degib zomib sertib denib menib afenib domide setron prazole sartan statin olol dipine "
        "gliptin gliflozin glitazone glipron glinide conazole nidazole cillin floxacin oxacin cycline penem bactam zolid oxetine triptan "
        "gepant oxaban gatran grelor grel lukast coxib profen caine azepam zolam peridone piprazole apine triptyline dronate methasone "
        "solone onide terol tropium phylline fibrate rolimus citabine platin rubicin taxel tecan trexed trexate mustine lutamide estrant "
        "oxifene afil sentan ciguat vaptan fenacin orexant caftor begron buvir tegravir navir trelvir ciclovir previr capavir imod stat "
        "racetam gabalin barbital melteon nicline milast vudine pril",
        phrases=r"\bcef\w{3}|\bgado\w{3}|\bmetformin|\bketamine|\baspirin|\bfluticasone|\bprednisone|\btestosterone|\bestradiol|"
        r"\bwarfarin|\bitraconazole|\bgemfibrozil|\bcarbamazepine|\babiraterone|small[\s-]molecule",
    ),
)  # fmt: skip
# In a description only whole phrases count: it may name other drugs, of which a stem would be read.
DESCRIBED: Sequence[Kind] = (
    Kind("antibody-drug-conjugate", "an antibody-drug conjugate", phrases=r"antibody[\s-]drug[\s-]conjugate|\badc\b"),
    Kind("radiopharmaceutical", "a radiopharmaceutical", phrases=r"radioligand|radiopharmaceutical|radioimmun"),
    Kind(
        "cell-therapy", "living cells",
        phrases=r"\bcar[\s-]?(?:t|nk)\b|chimeric antigen receptor (?:t|nk)|(?:autologous|allogene?ic|combined) (?:[\w-]+ ){0,3}cells\b",
    ),
    Kind("mrna", "messenger RNA", phrases=r"\bmrna vaccine|messenger rna"),
    Kind("gene-therapy", "a gene therapy", phrases=r"gene therapy|adeno-?associated virus"),
    Kind("oligonucleotide", "an oligonucleotide", phrases=r"antisense oligonucleotide|small interfering rna|\bsirna\b"),
    Kind(
        "antibody-protein", "an antibody or protein",
        phrases=r"(?:monoclonal|bispecific|humani[sz]ed|human igg\w*) antibody\b|fusion protein",
    ),
)  # fmt: skip
ORAL = re.compile(r"\b(?:oral )?(?:tablets?|capsules?)\b")
# What would make a tablet something else than a small molecule.
NOT_SYNTHETIC = re.compile(r"bacteri|spore|microb|strain|enzyme|peptide|lyophili|extract|cells?\b|virus|phage")
NOT_THE_PRODUCT = re.compile(
    r"placebo|\bsham\b|\bsaline\b|vehicle|standard[\s-]of[\s-]care|best (?:available|supportive)|\bbat\b|\bsoc\b|usual care|"
    r"no intervention|observation only|\bcontrol\b"
)
DOSE = re.compile(
    r"\b(?:high|mid|middle|medium|low|loading|single|multiple)[\s-]dose\b|\b\d[\d.,]*\s?(?:mcg|µg|μg|ug|mg|g|ml|iu|mg/kg|mbq|gbq)\b|"
    r"\b(?:formulation|cohort|dose|arm|group) [a-z0-9]\b"
)
# The product of cells, not the cells.
CELL_FREE = re.compile(r"cell[\s-]free|exosome|secretome|conditioned medium|lysate")
CODE = re.compile(r"\b(?!CD\d|COVID)[A-Z]{1,6}[- ]?[A-Z]?\d{3,}\w*(?:-\w+)*|\b[A-Z]{1,3}-[A-Z]?\d{2,}\w*")
# Of anything that a record lists here: more than any real one has, few enough to be read at once.
MOST = 100
DRUGS = frozenset({"DRUG", "BIOLOGICAL", "GENETIC", "RADIATION", "COMBINATION_PRODUCT"})
# MeSH trees of chemicals that are small molecules; and those that speak against it.
CHEMICAL = {
    "D009930": "Organic Chemicals", "D006571": "Heterocyclic Compounds", "D011083": "Polycyclic Compounds",
    "D007287": "Inorganic Chemicals",
}  # fmt: skip
LARGE = {"D000602", "D011506", "D010455", "D000906", "D009696", "D009841", "D014612", "D001685", "D001688"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: a modality with the evidence in words and the field it stands in, or none with the reason."""

    modality: str | None
    evidence: str
    field: str = "interventions"


@dataclass(frozen=True, slots=True)
class Terms:
    """The registry's MeSH terms for the interventions: by their folded names, and the descriptors that stand over any of them."""

    names: Mapping[str, str]
    above: frozenset[str]


@dataclass(frozen=True, slots=True)
class Intervention:
    """One thing that a trial gives, with what a record says of it."""

    name: str
    type: str
    other_names: tuple[str, ...]
    description: str
    experimental: bool | None  # None where the record has no arms

    @property
    def is_the_product(self) -> bool:
        return not NOT_THE_PRODUCT.search(fold(self.name))

    @property
    def code(self) -> bool:
        """Whether a part of its name is a company's code of which nothing else says what it is."""
        return any(CODE.search(part) and not by_name(part) for part in parts_of(self.name))


def parts_of(name: str) -> list[str]:
    """The names that are mixed or combined under one."""
    return [part.strip() for part in re.split(r"\s*(?:/|\+|;|\band\b|\bwith\b|\bplus\b)\s*", name) if part.strip()]


def interventions_of(protocol: Mapping[str, Any]) -> list[Intervention]:
    """The interventions of a study's protocolSection, in its order."""
    module = mapping(protocol.get("armsInterventionsModule"))
    kinds: dict[str, set[bool]] = {}
    for arm in mappings(module.get("armGroups")):
        for label in texts(arm.get("interventionNames")):
            kinds.setdefault(label.partition(": ")[2] or label, set()).add(text(arm.get("type")) == "EXPERIMENTAL")
    found = []
    for entry in islice(mappings(module.get("interventions")), MOST):
        if name := text(entry.get("name")):
            arms = kinds.get(name)
            found.append(
                Intervention(
                    name, text(entry.get("type")), tuple(texts(entry.get("otherNames"))[:MOST]), text(entry.get("description")),
                    None if arms is None else True in arms,
                )
            )  # fmt: skip
    return found


def by_name(name: str) -> Kind | None:
    """The kind that a name speaks of."""
    folded = fold(name)
    cells = not CELL_FREE.search(folded)
    return next((kind for kind in KINDS if kind.speaks(folded) and (cells or kind.modality != "cell-therapy")), None)


def read(protocol: Mapping[str, Any], derived: Mapping[str, Any], titles: Sequence[str]) -> Reading:
    """The modality of the product under test."""
    every = interventions_of(protocol)
    if not every:
        return Reading(None, "the record lists no interventions")
    products = [each for each in every if each.is_the_product]
    if not products:
        return Reading(None, "the record lists only placebo, controls or standard care")
    drugs = [each for each in products if each.type in DRUGS]
    if not drugs:
        if all(each.type == "DEVICE" for each in products if each.type not in {"OTHER", "BEHAVIORAL", "PROCEDURE"}) and any(
            each.type == "DEVICE" for each in products
        ):
            device = next(each for each in products if each.type == "DEVICE")
            return Reading("device-combination", f"“{shown(device.name)}” is registered as a device")
        drugs = products
    tested = [each for each in drugs if each.experimental is not False] or drugs
    product = the_product(tested, titles)
    terms = mesh_terms(derived)
    if product is None:
        return together(tested, terms)
    # Only then do the registry's terms and the title speak of it, and not of a comparator or of what it is mixed with.
    alone = len({without_dose(each.name) for each in products}) == len(parts_of(product.name)) == 1
    return of_one(product, terms, titles, protocol, alone=alone)


def the_product(tested: Sequence[Intervention], titles: Sequence[str]) -> Intervention | None:
    """The one that the sponsor develops: what has a company's code, else what the title names first; None where that does not tell."""
    if len({without_dose(each.name) for each in tested}) == 1:
        return tested[0]
    codes = [each for each in tested if each.code]
    if codes:
        return codes[0]
    title = fold(" ".join(titles))
    places = [(title.find(fold((parts_of(each.name) or [each.name])[0])), i) for i, each in enumerate(tested)]
    named = [(place, i) for place, i in places if place >= 0]
    return tested[min(named)[1]] if named else None


def without_dose(name: str) -> str:
    """A name without what tells apart the doses or forms of one product."""
    return " ".join(DOSE.sub(" ", fold(name)).split())


def together(tested: Sequence[Intervention], terms: Terms) -> Reading:
    """One reading of several, where they agree."""
    readings = [of_name(each, terms) for each in tested]
    modalities = {reading.modality for reading in readings}
    if len(modalities) == 1 and None not in modalities:
        return readings[0]
    names = ", ".join(f"“{shown(each.name, 40)}”" for each in tested[:3])
    return Reading(None, f"it is not clear which of the interventions is the product, and they differ ({names})")


def of_name(each: Intervention, terms: Terms) -> Reading:
    """What the names of an intervention say: its own, its others, and the registry's term for it."""
    fields = [(each.name, "name"), *((other, "other name") for other in each.other_names)]
    if each.code:  # the rest of a mixture's name is not the product
        part = next(part for part in parts_of(each.name) if CODE.search(part) and not by_name(part))
        fields[0] = (part, "name")
    # The generic name of a product stands often in the registry's term alone.
    fields += [(term, "MeSH term") for key, term in terms.names.items() if key in fold(" ".join((each.name, *each.other_names)))]
    for name, what in fields:
        if read_as := by_name(name):
            return Reading(read_as.modality, f"the {what} “{shown(name)}” speaks of {read_as.words}")
    return Reading(None, f"“{shown(each.name)}” does not say what kind of drug it is")


def of_one(product: Intervention, terms: Terms, titles: Sequence[str], protocol: Mapping[str, Any], *, alone: bool) -> Reading:
    """What everything says of the one product."""
    if product.type == "COMBINATION_PRODUCT":
        return Reading("device-combination", f"“{shown(product.name)}” is registered as a combination product")
    named = of_name(product, terms)
    if named.modality:
        return named
    for alias in aliases(product.name, titles):
        if read_as := by_name(alias):
            return Reading(read_as.modality, f"the title calls it “{shown(alias)}”, which speaks of {read_as.words}", "title")
    for line, field in phrases(product, titles, protocol, alone=alone):
        folded = fold(line)
        for kind in DESCRIBED:
            if kind.speaks(folded):
                return Reading(kind.modality, f"“{shown(product.name)}” is described as {kind.words}", field)
    if alone:
        for term in terms.names.values():
            if read_as := by_name(term):
                return Reading(
                    read_as.modality, f"the MeSH term “{shown(term)}” speaks of {read_as.words}", "MeSH terms of the intervention"
                )
        if chemical := family(terms):
            return Reading("small-molecule", f"MeSH counts it among the {chemical}", "MeSH terms of the intervention")
    description = fold(product.description)
    if product.type == "DRUG" and ORAL.search(description) and not NOT_SYNTHETIC.search(fold(product.name) + " " + description):
        return Reading("small-molecule", f"“{shown(product.name)}” is a drug given as tablet or capsule", "intervention description")
    return named


def aliases(name: str, titles: Sequence[str]) -> Iterator[str]:
    """What a title puts beside a name in brackets: the code behind the generic name, or the other way round."""
    for title in titles:
        for outside, inside in re.findall(r"([\w®-]{4,80})\s?\(([^()]{2,80})\)", title):
            if fold(name) in fold(inside):
                yield outside
            elif fold(outside) == fold(name):
                yield inside


def phrases(product: Intervention, titles: Sequence[str], protocol: Mapping[str, Any], *, alone: bool) -> Iterator[tuple[str, str]]:
    yield product.description, "intervention description"
    if alone:
        for title in titles:
            yield title, "title"
        for keyword in texts(mapping(protocol.get("conditionsModule")).get("keywords"))[:MOST]:
            yield keyword, "keywords"


def mesh_terms(derived: Mapping[str, Any]) -> Terms:
    module = mapping(derived.get("interventionBrowseModule"))
    names = [term for entry in mappings(module.get("meshes")) if (term := text(entry.get("term")))]
    above = frozenset(descriptor(text(entry.get("id"))) for entry in mappings(module.get("ancestors")))
    return Terms({fold(term): term for term in names[:MOST]}, above)


def family(terms: Terms) -> str | None:
    """The family of small molecules over the only term there is, if nothing larger stands there too."""
    if len(terms.names) != 1 or terms.above & LARGE:
        return None
    return next((name for key, name in CHEMICAL.items() if key in terms.above), None)
