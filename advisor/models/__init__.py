"""What is stored of the guide, of programs and of their shortlists, and what a program leaves behind."""

from advisor.models.duty import Duty, VendorAnswer
from advisor.models.guide import GuideEntry
from advisor.models.program import NeverChanged, Program, ProgramMember, ProgramVersion, new_token
from advisor.models.record import DecisionRecord, IssuedFile
from advisor.models.shortlist import ShortlistEntry

__all__ = [
    "DecisionRecord",
    "Duty",
    "GuideEntry",
    "IssuedFile",
    "NeverChanged",
    "Program",
    "ProgramMember",
    "ProgramVersion",
    "ShortlistEntry",
    "VendorAnswer",
    "new_token",
]
