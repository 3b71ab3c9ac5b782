"""Therapeutic areas of a registered trial: by the sponsor's own words first, by the registry's MeSH terms where those say nothing.

The registry assigns MeSH terms by machine, and some are wrong (a melanoma trial tagged with a form of Parkinson's disease),
so they speak only for trials with a condition that our own words don't know. They come flat, without saying which
term stands below which; hence `unless`, the terms under which a branch says nothing of the area.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vendors.folding import fold

# A condition that names a cancer says oncology and nothing of the organ: that is how the vocabulary divides them.
CANCER = re.compile(
    r"cancer|carcinoma|neoplas|tumou?r|leuka?emi|lymphoma|myeloma|melanoma|sarcoma|glioma|blastoma|metasta|malignan|mesothelioma|"
    r"myelodysplas|oncolog|waldenstrom|\b(ns?clc|sclc|hnscc|crpc|mcrpc|tnbc|aml|dlbcl|dipg|gist|mds|hcc|escc)\b"
)
BLOOD_CANCER = re.compile(r"leuka?emi|lymphoma|myeloma|myelodysplas|waldenstrom|\b(aml|dlbcl|mds)\b")
# Folded words of a condition by area. Beginnings and endings are as the terms are written in English.
WORDS: Mapping[str, re.Pattern[str]] = {
    area: re.compile(pattern)
    for area, pattern in {
        "hematology": r"a?emophilia|an(a)?emia\b|sickle|thalass|thrombocytop|neutropenia|clotting|coagulation|von willebrand|"
        r"polycythemia|myelofibrosis|hemoglobin",
        "immunology": r"allerg|autoimmun|lupus|rheumatoid|\bsle\b|transplant|graft|sjogren|vasculitis|hypersensitiv|anaphyla|atopic|"
        r"psoria|crohn|ulcerative|colitis, ulcerative|scleroderma|systemic sclerosis|immunodeficien|myasthenia|"
        r"multiple sclerosis|angioedema|urticaria|hidradenitis|alopecia areata|eosinophilic",
        "infectious-disease": r"infecti|covid|sars-cov|influenza|\bhiv\b|hepatitis [bcd]\b|sepsis|malaria|tubercul|pneumonia|"
        r"aspergill|candid|mycos|herpes|papilloma|\bwarts?\b|bacter|viral|\brsv\b|respiratory syncytial|clostrid|dengue|ebola|"
        r"sporotrich|pyelonephritis|mening(itis|ococ)|pneumococ|zoster|mpox|measles|polio|rabies|cytomegalo|\bcmv\b",
        "neurology": r"alzheimer|parkinson|epilep|seizure|migraine|headache|multiple sclerosis|stroke|neuropath|dementia|"
        r"huntington|amyotrophic|\bals\b|muscular atrophy|myasthenia|ataxia|narcolep|insomnia|restless legs|tourette|dystonia|"
        r"neuromyelitis|rett\b|brain injury|spinal cord|cerebral palsy|neuralgia|duchenne|tremor",
        "psychiatry": r"depress|schizo|bipolar|anxiety|autis|adhd|attention deficit|psychosis|psychotic|addict|opioid use|"
        r"alcohol use|substance|smoking|post-?traumatic|\bptsd\b|obsessive|eating disorder|bulimia|anorexia nervosa",
        "cardiovascular": r"heart|cardi|hypertensi|atheroscl|coronary|atrial|arrhythm|angina|thrombo(sis|emboli)|stroke|"
        r"aort|peripheral arter|hypotension|cholesterol|lipid[a]?emia|lipoprotein|vascular disease",
        "metabolic": r"diabet|obes|overweight|lipid[a]?emia|cholesterol|thyroid|gaucher|fabry|pompe|phenylketon|"
        r"acromegaly|cushing|growth hormone|lysosomal|mucopolysacch|metabolic|hypoglyc|hyperglyc|gout|hyperkal|hypophosph|"
        r"adrenal|hypogonad|amyloid|inborn error|urea cycle|homocystin",
        "respiratory": r"asthma|\bcopd\b|pulmonary|lung|respirat|cystic fibrosis|bronch|cough|rhin(itis|o)|emphysema|sarcoidosis|"
        r"nasal polyp|pneumonia",
        "gastroenterology": r"crohn|colitis|bowel|hepat(?!itis [bcd]\b)|liver|cirrhosis|steatohep|\bnash\b|\bmash\b|gastr|esophag|"
        r"reflux|celiac|coeliac|pancreat|cholang|biliary|constipation|intra-?abdominal|diarrh|ulcer(s|ative)?\b",
        "nephrology-urology": r"kidney|renal|nephr|urinary|bladder|prostat|ureth|urolog|erectile|dialysis|glomerul|incontinence",
        "dermatology": r"dermat|psoria|eczema|acne|skin|alopecia|hidradenitis|vitiligo|urticaria|prurit|pemphig|\bwarts?\b|rosacea|"
        r"epidermolysis|hyperhidrosis|keratosis",
        "ophthalmology": r"\beyes?\b|macular|retin(a|o|it)|glaucoma|ocular|uveitis|myopia|cataract|conjunctiv|ophthalm|optic|"
        r"presbyopia|kerat(itis|ocon)|leber",
        "musculoskeletal": r"arthr|osteo(?!sarc)|spondyl|gout|lupus|fracture|muscular dystroph|duchenne|\bdis[ck]\b|"
        r"spinal (fusion|disease)|back pain|fibromyalgia|sarcopenia|tendin|scleroderma|systemic sclerosis|myositis|achondroplas|bone",
        "womens-health": r"endometrio|menopaus|contracept|pregnan|preeclampsia|pre-eclampsia|infertil|vaginal|vulvo|fibroid|uterine|"
        r"menstrua|lactation|polycystic ovar|hot flash|hot flush|vasomotor|preterm|postpartum",
        "pain": r"\bpain|neuralg|analges|an(a)?esthe|fibromyalgia",
        "rare-disease": r"\brare\b|orphan|cystic fibrosis|a?emophilia|gaucher|fabry|pompe|phenylketon|huntington|amyotrophic|\bals\b|"
        r"muscular atrophy|duchenne|muscular dystroph|sickle|lysosomal|mucopolysacch|rett syndrome|epidermolysis|"
        r"achondroplas|acromegaly|angioedema|urea cycle|homocystin|thalass|inborn error|idiopathic pulmonary fibrosis",
    }.items()
}
HEALTHY = re.compile(r"\bhealthy\b|^volunteers?$")
# People enrolled, or a procedure: no disease to be read.
NO_DISEASE = re.compile(r"^(children|adults?|adolescents?|elderly|pharmacokinetics|bioequivalence)$")


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of MeSH, by its descriptor, that stands for an area; `unless` are descriptors with which it does not."""

    area: str
    term: str
    name: str
    unless: frozenset[str] = frozenset()


HEMOSTATIC, ELIMINATION, DEMENTIA, SEXUAL, ASTHMA = "D020141", "D019960", "D003704", "D020018", "D001249"
HEADACHE, HEADACHE_PRIMARY, METABOLIC_BRAIN, NEOPLASMS = "D006261", "D051270", "D020739", "D009369"
BRANCHES = (
    Branch("oncology", NEOPLASMS, "Neoplasms", frozenset({"D007889", "D003560"})),  # leiomyoma and cysts stand there too
    Branch("hematology", "D006402", "Hematologic Diseases"),
    Branch("immunology", "D001327", "Autoimmune Diseases"),
    Branch("immunology", "D006967", "Hypersensitivity", frozenset({ASTHMA})),
    Branch("immunology", "D007153", "Immunologic Deficiency Syndromes"),
    Branch("immunology", "D006086", "Graft vs Host Disease"),
    Branch("infectious-disease", "D007239", "Infections", frozenset({"D016575"})),  # hidradenitis is no infection
    Branch("neurology", "D002493", "Central Nervous System Diseases", frozenset({METABOLIC_BRAIN})),
    Branch("neurology", "D010523", "Peripheral Nervous System Diseases"),
    Branch("neurology", "D009468", "Neuromuscular Diseases"),
    Branch("neurology", "D019636", "Neurodegenerative Diseases"),
    Branch("neurology", "D003711", "Demyelinating Diseases"),
    Branch("psychiatry", "D001523", "Mental Disorders", frozenset({ELIMINATION, DEMENTIA, SEXUAL})),
    Branch("cardiovascular", "D002318", "Cardiovascular Diseases", frozenset({HEMOSTATIC})),
    Branch("metabolic", "D008659", "Metabolic Diseases"),
    Branch("metabolic", "D004700", "Endocrine System Diseases"),
    Branch("metabolic", "D044343", "Overnutrition"),
    Branch("respiratory", "D012140", "Respiratory Tract Diseases"),
    Branch("gastroenterology", "D004066", "Digestive System Diseases", frozenset({"D003550"})),  # cystic fibrosis, by its pancreas
    Branch("nephrology-urology", "D014570", "Urologic Diseases"),
    Branch("nephrology-urology", "D007674", "Kidney Diseases"),
    Branch("nephrology-urology", "D005832", "Genital Diseases, Male"),
    Branch("dermatology", "D012871", "Skin Diseases"),
    Branch("ophthalmology", "D005128", "Eye Diseases"),
    Branch("musculoskeletal", "D009140", "Musculoskeletal Diseases"),
    Branch("musculoskeletal", "D012216", "Rheumatic Diseases"),
    Branch("womens-health", "D005831", "Genital Diseases, Female"),
    Branch("womens-health", "D011248", "Pregnancy Complications"),
    Branch("pain", "D010146", "Pain", frozenset({HEADACHE, HEADACHE_PRIMARY})),
    Branch("rare-disease", "D008661", "Metabolism, Inborn Errors"),
    Branch("rare-disease", "D025861", "Blood Coagulation Disorders, Inherited"),
    Branch("rare-disease", "D035583", "Rare Diseases"),
)
# Beside a cancer these branches name the organ that it grows in.
BESIDE_CANCER = frozenset({"oncology", "hematology", "infectious-disease", "pain"})
# The registry's own groups, in copies up to 2025: coarse, so they are asked last, and only those that mean one area.
GROUPS: Mapping[str, str] = {
    "BC01": "infectious-disease", "BC04": "oncology", "BC05": "musculoskeletal", "BC06": "gastroenterology", "BC08": "respiratory",
    "BC10": "neurology", "BC11": "ophthalmology", "BC19": "metabolic", "BXM": "psychiatry",
}  # fmt: skip


def descriptor(mesh_id: str) -> str:
    """ "D000009369", as some copies write it, in its usual form: "D009369"."""
    digits = mesh_id[1:]
    return f"D{int(digits):06}" if mesh_id[:1] == "D" and digits.isascii() and digits.isdecimal() and len(digits) < 12 else mesh_id


def by_words(condition: str) -> list[str]:
    """The areas that a condition names, in the words of whoever registered it."""
    words = fold(condition)
    if CANCER.search(words):
        return ["oncology", "hematology"] if BLOOD_CANCER.search(words) else ["oncology"]
    return [area for area, pattern in WORDS.items() if pattern.search(words)]


def by_mesh(mesh_ids: Iterable[str]) -> dict[str, str]:
    """Areas by the descriptors of the conditions and of what stands above them, each with the branch's name."""
    found = {descriptor(mesh_id) for mesh_id in mesh_ids}
    areas: dict[str, str] = {}
    for branch in BRANCHES:
        if branch.term in found and not branch.unless & found:
            areas.setdefault(branch.area, branch.name)
    return {area: name for area, name in areas.items() if area in BESIDE_CANCER} if "oncology" in areas else areas


def is_healthy(condition: str) -> bool:
    """Whether a condition only says that healthy people are enrolled."""
    return bool(HEALTHY.search(fold(condition)))


def names_no_disease(condition: str) -> bool:
    return is_healthy(condition) or bool(NO_DISEASE.search(fold(condition)))
