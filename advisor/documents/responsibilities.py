"""The responsibility matrix: who carries which service at which stage.

21 CFR 312.52 and ICH E6(R3) 3.6 agree: what is not described in writing is not transferred. So whatever nobody wrote down
as transferred is shown as the sponsor's, and a partner's name alone moves nothing.
"""

from collections.abc import Sequence

from advisor.documents.case import Case, Duty
from advisor.documents.content import NOT_RECORDED, Block, Document, Paragraph, Section, Stamp, Table, said

RULE = (
    "What is not described here as transferred stays with the sponsor (21 CFR 312.52; ICH E6(R3) 3.6), and so does the ultimate "
    "responsibility for all of it. A partner without described obligations is named as intended only."
)
PARTIES = {
    "": "Not decided",
    "retained": "Retained in house",
    "partner": "Partner",
    "subcontractor": "Subcontractor of a partner",
}


def responsible(duty: Duty) -> str:
    """Who answers for the work, in words."""
    if duty.transferred:
        passed_on = duty.party == "subcontractor"
        return f"Partner, through a subcontractor: {duty.partner}" if passed_on else f"Partner: {duty.partner}"
    if duty.party == "retained":
        return "Sponsor: retained in house"
    if duty.party in {"partner", "subcontractor"}:
        intended = duty.partner.strip() or "a partner"
        return f"Sponsor: not written as transferred ({intended} is intended)"
    return "Sponsor: not written as transferred"


def duties_table(duties: Sequence[Duty]) -> tuple[Block, ...]:
    """The matrix with its rule, as blocks of any document."""
    rows = tuple(
        (duty.service, duty.stage, responsible(duty), said(duty.subcontractor) if duty.party == "subcontractor" else "none",
         said(duty.obligations) if duty.party in {"partner", "subcontractor"} else "none",
         said(duty.agreement) if duty.party in {"partner", "subcontractor"} else "not needed" if duty.party == "retained" else NOT_RECORDED)
        for duty in duties
    )  # fmt: skip
    header = ("Service", "Stage", "Responsible", "Subcontractor", "Obligations transferred", "Written in")
    return Paragraph(RULE), Table("Who carries what", header, rows, (4, 2, 5, 4, 5, 3), "No service is needed from a partner.")


def responsibility_matrix(case: Case, stamp: Stamp) -> Document:
    """The matrix as a document of its own."""
    section = Section("Responsibilities", "Responsibilities", duties_table(case.duties))
    return Document("responsibilities", "Responsibility matrix", stamp, (section,), case.program or "Unnamed program")
