"""What the program needs from partners: services by lane and stage, after removing what stays in house."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.engine.profile import Profile
from vendors.catalogue import Lane, Vocabulary

# The stages in which a service is usually bought. A service that is not listed is bought in any; one that is asked for
# outside its stages counts for the stage that the program is in, since the sponsor knows better.
USUAL_STAGES: Mapping[str, tuple[str, ...]] = {
    "discovery-biology": ("discovery", "preclinical"),
    "medicinal-chemistry": ("discovery", "preclinical"),
    "in-vivo-pharmacology": ("discovery", "preclinical"),
    "toxicology": ("preclinical", "phase-1", "phase-2", "phase-3"),
    "dmpk": ("discovery", "preclinical", "phase-1", "phase-2"),
    "first-in-human": ("phase-1",),
    "clinical-operations": ("phase-1", "phase-2", "phase-3", "registration", "commercial", "post-marketing"),
    "patient-recruitment": ("phase-1", "phase-2", "phase-3", "registration", "commercial", "post-marketing"),
    "cell-line-development": ("discovery", "preclinical", "phase-1"),
    "clinical-supply-manufacturing": ("preclinical", "phase-1", "phase-2", "phase-3"),
    "clinical-supply-logistics": ("phase-1", "phase-2", "phase-3", "registration", "commercial", "post-marketing"),
}

INJECTED = "Given by injection or infusion, so it has to be filled under sterile conditions."
# What makes the drug substance and the drug product of a modality, with the reason in words.
MADE_BY: Mapping[str, Sequence[tuple[str, str]]] = {
    "small-molecule": (
        ("small-molecule-api", "A small molecule is made by chemical synthesis."),
        ("oral-solid-dose", "Most small molecules are given as tablets or capsules; strike it if yours is not."),
    ),
    "peptide": (("peptide-oligonucleotide", "Peptides are synthesized on special lines."), ("sterile-fill-finish", INJECTED)),
    "oligonucleotide": (
        ("peptide-oligonucleotide", "Oligonucleotides are synthesized on special lines."),
        ("sterile-fill-finish", INJECTED),
    ),
    "antibody-protein": (
        ("mammalian-drug-substance", "Antibodies and most recombinant proteins are made in mammalian cells."),
        ("sterile-fill-finish", INJECTED),
    ),
    "antibody-drug-conjugate": (
        ("bioconjugation", "Antibody and payload are joined in a step that few sites can do."),
        ("hpapi", "The payload is highly potent."),
        ("sterile-fill-finish", INJECTED),
    ),
    "vaccine": (("sterile-fill-finish", INJECTED),),
    "mrna": (("mrna-lnp", "mRNA is transcribed and packed into lipid nanoparticles."), ("sterile-fill-finish", INJECTED)),
    "gene-therapy": (
        ("viral-vector", "Most gene therapies are carried by a viral vector."),
        ("plasmid-dna", "Vectors are made from plasmids."),
        ("sterile-fill-finish", INJECTED),
    ),
    "cell-therapy": (("cell-therapy-manufacturing", "Cells are processed batch by batch, often for one patient."),),
    "live-biotherapeutic": (("microbial-drug-substance", "Live organisms are grown by fermentation."),),
    "radiopharmaceutical": (("radiopharmaceutical-manufacturing", "Isotopes decay, so it is made close to the day of use."),),
    "device-combination": (("drug-device-combination", "Device and drug are assembled and tested together."),),
}
BIOLOGICS = frozenset({"antibody-protein", "antibody-drug-conjugate", "vaccine"})


@dataclass(frozen=True, slots=True)
class Need:
    """One service that a partner is needed for, with the stages in which it is needed."""

    service: str
    lane: Lane
    stages: tuple[str, ...]
    proposed_because: str = ""


@dataclass(frozen=True, slots=True)
class Needs:
    """All needs of a program in the order of the vocabulary; `kept` is asked for, but stays in house."""

    needs: tuple[Need, ...]
    kept: tuple[str, ...]
    stages: tuple[str, ...]

    def of(self, lane: Lane) -> tuple[Need, ...]:
        return tuple(need for need in self.needs if need.lane == lane)

    def stages_of(self, lane: Lane) -> tuple[str, ...]:
        """The program's stages in which this lane is needed, in order of time."""
        wanted = {stage for need in self.of(lane) for stage in need.stages}
        return tuple(stage for stage in self.stages if stage in wanted)


def needs_of(profile: Profile, vocabulary: Vocabulary) -> Needs:
    """Split a program into needs. Without named services, propose what its stage and modality usually need."""
    order = list(vocabulary.stages)
    stages = tuple(order[order.index(profile.stage) : order.index(profile.through) + 1])
    because = {} if profile.services else proposed_services(profile, vocabulary)
    asked = [slug for slug in vocabulary.services if slug in (profile.services or because)]
    needs = [
        Need(
            slug,
            vocabulary.services[slug].lane,  # type: ignore[arg-type]  # the database allows no other lane
            tuple(stage for stage in stages if stage in USUAL_STAGES.get(slug, stages)) or (profile.stage,),
            because.get(slug, ""),
        )
        for slug in asked
        if slug not in profile.in_house
    ]
    return Needs(tuple(needs), tuple(slug for slug in asked if slug in profile.in_house), stages)


def proposed_services(profile: Profile, vocabulary: Vocabulary) -> dict[str, str]:
    """Services that the stages and the modality usually need, each with its reason; our own starting point."""
    order = list(vocabulary.stages)
    stages = set(order[order.index(profile.stage) : order.index(profile.through) + 1])
    clinical = stages & {"phase-1", "phase-2", "phase-3"}
    found: dict[str, str] = {}

    def propose(when: object, *services: tuple[str, str]) -> None:
        if when:
            for slug, reason in services:
                if slug in vocabulary.services:
                    found.setdefault(slug, reason)

    propose(
        "discovery" in stages,
        ("discovery-biology", "Targets and candidates are screened in discovery."),
        ("in-vivo-pharmacology", "Efficacy is shown in animals before a candidate is chosen."),
    )
    propose(
        "discovery" in stages and profile.modality == "small-molecule",
        ("medicinal-chemistry", "A small molecule is optimized by chemists in discovery."),
    )
    propose(
        "preclinical" in stages,
        ("toxicology", "A first trial in people rests on GLP safety studies."),
        ("dmpk", "What the body does to the drug is studied before the first trial."),
        ("bioanalysis", "Safety studies and trials measure the drug in samples."),
    )
    propose(
        "phase-1" in stages,
        ("first-in-human", "Phase 1 is run in a unit that can watch volunteers or patients day and night."),
        ("bioanalysis", "Safety studies and trials measure the drug in samples."),
    )
    propose(
        clinical,
        ("clinical-operations", "A trial has to be set up, run and monitored."),
        ("data-management", "Trial data have to be collected and cleaned."),
        ("biostatistics", "A trial is planned and read by statisticians."),
        ("regulatory-affairs", "Authorities have to approve each trial."),
        ("pharmacovigilance", "Adverse events have to be reported within fixed times."),
    )
    propose(
        stages & {"phase-2", "phase-3"},
        ("patient-recruitment", "From phase 2 on, finding patients sets the pace."),
        ("central-laboratory", "Samples of many sites are measured in one laboratory."),
    )
    propose(
        stages & {"phase-3", "registration"},
        ("medical-writing", "Study reports and the dossier have to be written."),
        ("regulatory-affairs", "The dossier has to be filed and defended."),
    )
    propose(
        stages & {"commercial", "post-marketing"},
        ("pharmacovigilance", "A marketed product is watched as long as it is sold."),
    )
    propose("post-marketing" in stages, ("real-world-evidence", "Late-phase questions are answered from practice."))
    made = MADE_BY.get(profile.modality or "", ())
    propose(
        made and stages & {"preclinical", "phase-1", "phase-2"},
        ("process-development", "Before phase 3 the process is usually still open."),
        ("analytical-development", "Methods and stability data grow with the process."),
    )
    propose(
        stages & {"preclinical", "phase-1"} and profile.modality in BIOLOGICS,
        ("cell-line-development", "A biologic starts from a producing cell line."),
    )
    propose(
        stages & {"preclinical", "phase-1", "phase-2"} and profile.modality == "small-molecule",
        ("formulation", "The dose form is found while the first trials run."),
    )
    propose(made and clinical, ("clinical-supply-manufacturing", "Trials need material made under GMP."))
    propose(made and stages & {"phase-3", "registration"}, ("scale-up", "The commercial scale has to be shown before approval."))
    propose(made and stages - {"discovery"}, *made)
    propose(
        made and stages & {"registration", "commercial", "post-marketing"},
        ("packaging", "A marketed product is packed, labelled and serialized."),
        ("quality-control-release", "Every batch is tested and released."),
    )
    return found
