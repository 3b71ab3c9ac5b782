"""Cases for the documents, filled by hand."""

from dataclasses import replace

from advisor.documents.case import Answer, Case, Duty, Earlier, Fact, Shortlisted, Source, Stated, VendorFile, Version
from advisor.engine.advice import advise
from tests.engine.builders import catalogue, profile, vendor

CRITERIA = {
    "services": "Services needed", "stages": "Stages", "therapeutic_areas": "Therapeutic areas", "modality": "Modality",
    "countries": "Places", "accreditations": "Accreditations and inspections", "ai": "AI adoption", "biomarkers": "Biomarker depth",
    "focus": "Breadth", "size": "Size", "evidence": "Evidence on record",
}  # fmt: skip
FIELD = catalogue(
    vendor(
        "makers", services=["formulation", "oral-solid-dose"], stages=["phase-1"], modalities=["small-molecule"], accreditations=["gmp"]
    ),
    vendor("second-works", services=["formulation"], stages=["phase-1"]),
    vendor("quiet-works", type="CMO", verified_on="2024-01-05"),
    vendor("trialists", type="CRO", services=["clinical-operations"], stages=["phase-1"], therapeutic_areas=["oncology"]),
)
PROGRAM = profile(
    name="ZX-1", services=["formulation", "oral-solid-dose", "clinical-operations"], in_house=["biostatistics"],
    therapeutic_areas=["oncology"], must_have={"accreditations": ["gmp"]},
)  # fmt: skip


def version(number=2, **values):
    return replace(Version(number, f"2026-11-{10 + number}T09:00:00+00:00", "R. Ortega", "", FIELD.version, "default"), **values)


def case(**values):
    """A program at version 2 whose shortlist holds two vendors; `values` replace what a test is about."""
    advice = values.pop("advice", None) or advise(PROGRAM, FIELD)
    source = Source(1, "Capabilities", "Makers", "https://makers.example/capabilities", "2026-01", "2026-11-20")
    made = Case(
        program="ZX-1",
        program_id="P-17",
        version=version(2),
        versions=(version(1), version(2)),
        advice=advice,
        written_at="2026-11-25T10:30:00+00:00",
        software="Crossmatch 0.1.0",
        intake=(Answer("Stage", "Phase 1", "typed"), Answer("Modality", "Small molecule", "registry: NCT01234567, interventions")),
        criteria=CRITERIA,
        sure={"making": ("Makers comes first in 97 of 100 weightings.",)},
        passages={"key-services": "Key services"},
        shortlist=(
            Shortlisted("makers", "Makers", "chosen", "Best fit and a free slot.", first_contacted_at="2026-11-20T08:00:00+00:00"),
            Shortlisted("quiet-works", "Quiet-Works", "rejected", "No answer."),
        ),
        files={
            "makers": VendorFile(
                "makers",
                "Makers",
                "CDMO",
                "Makers Holding",
                "2026-11-22",
                "curator A",
                (Fact("Services", "Formulation; Oral solid dose", (1,)),),
                (source,),
            )
        },
        duties=(
            Duty(
                "Formulation",
                "Phase 1",
                "partner",
                "Makers",
                obligations="Formulation development per plan FD-3",
                agreement="MSA 4, annex 2",
            ),
            Duty("Oral solid dose", "Phase 1", "partner", "Makers"),
            Duty("Clinical operations", "Phase 1"),
            Duty("Biostatistics", "Phase 1", "retained"),
        ),
        stated=(Stated("Makers", "QUA-03: A quality agreement?", "Yes", "2026-11-24"),),
        earlier=(Earlier(1, "2026-11-01T10:00:00+00:00", "ab" * 32),),
        number=2,
        corrects=1,
        correction_reason="The audit date was wrong.",
    )
    return replace(made, **values)
