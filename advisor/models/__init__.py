"""What is stored of the guide, of programs and of their shortlists."""

from advisor.models.guide import GuideEntry
from advisor.models.program import Program, ProgramMember, ProgramVersion, new_token
from advisor.models.shortlist import ShortlistEntry

__all__ = ["GuideEntry", "Program", "ProgramMember", "ProgramVersion", "ShortlistEntry", "new_token"]
