"""The whole answer to one profile, and its JSON, version 1."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from advisor.engine.needs import Needs, needs_of
from advisor.engine.partner_model import Option, Recommendation, lane_fit, recommend
from advisor.engine.profile import Profile
from advisor.engine.questions import Question, questions, softer
from advisor.engine.ranking import Match, Ranking, rank
from advisor.engine.references import REFERENCES
from advisor.engine.team import Team, Teams, teams_for
from advisor.engine.words import listed, mid_sentence, sentence
from vendors.catalogue import LANES, Catalogue

# Up to this rating of a single vendor the best specialists make the team, however many they are.
FEW_MEMBERS_MATTER_LITTLE = 1


@dataclass(frozen=True)
class Advice:
    """Partner model and ranked matches for one program. The same profile and catalogue version give the same advice."""

    profile: Profile
    catalogue: Catalogue
    needs: Needs
    model: Recommendation
    rankings: tuple[Ranking, ...]

    @cached_property
    def teams(self) -> Teams:
        """The best team of each size that covers the program."""
        return teams_for(self.rankings)

    @property
    def team(self) -> Team | None:
        """The team that the sponsor's priorities point to: the smallest, unless specialists are plainly preferred."""
        by_size = self.teams.by_size
        if not by_size:
            return None
        return by_size[-1] if self.profile.priorities["single_vendor"] <= FEW_MEMBERS_MATTER_LITTLE else by_size[0]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What to ask whom, the largest effect first; preferences without facts come last."""
        found = sorted((q for ranking in self.rankings for q in questions(ranking)), key=lambda q: (-q.rise, q.from_rank))
        return (*found, *(q for ranking in self.rankings for q in softer(ranking)))

    @property
    def verdict(self) -> str:
        """The answer in one sentence, composed from the recommended option and the needs that each type carries."""
        first, second = self.model.options[:2]
        if first.model == "none":
            return "Nobody is needed: all that you asked for stays in house." if self.needs.kept else "Nobody is needed."
        text = "; ".join(f"a {kind} for {self.work_of(first, kind)}" for kind in first.types)
        if self.model.close_call:
            return f"Too close to call between {first.model} and {second.model}; ahead by a hair: {text}."
        return sentence(text)

    def work_of(self, option: Option, kind: str) -> str:
        """The needed services that one type of an option carries, in words."""
        return listed([mid_sentence(name) for name in self.services_of(option, kind)], 2)

    def services_of(self, option: Option, kind: str) -> list[str]:
        """Names of the needed services that one type of an option carries."""
        lanes = [lane for lane in LANES if (needs := self.needs.of(lane)) and lane_fit(option.model, needs)[1] == kind]
        return [self.catalogue.vocabulary.name("services", need.service) for lane in lanes for need in self.needs.of(lane)]

    def as_dict(self, most: int | None = None) -> dict[str, Any]:
        """The advice as JSON writes it; `matches` holds the order of each lane, as far as its first `most` where that is given."""
        return {
            "profile": self.profile.as_dict(),
            "catalogue": {"version": self.catalogue.version, "vendors": len(self.catalogue)},
            "model": {
                "recommended": self.model.first.model,
                "close_call": self.model.close_call,
                "options": [
                    {
                        "model": option.model,
                        "score": option.score,
                        "reasons": [
                            {
                                "rule": reason.rule.id,
                                "because": reason.because,
                                "guide": reason.rule.guide,
                                "sources": [REFERENCES[key].url for key in reason.rule.sources],
                            }
                            for reason in option.reasons
                        ],
                    }
                    for option in self.model.options
                ],
            },
            "matches": [match_as_dict(match) for ranking in self.rankings for match in ranking.matches(0, most)],
            "team": self.team_as_dict(),
            "questions": [{"vendor": q.vendor, "about": q.text, "effect": q.effect} for q in self.questions],
        }

    def team_as_dict(self) -> dict[str, Any]:
        """The team; `covers` and `uncovered` name services, the latter those that nobody is known to cover at every needed stage."""
        team, rows = self.team, self.catalogue.rows
        covered = {cell.service for member in team.members for cell in member.cells} if team else set()
        uncovered = {cell.service for cell in self.teams.uncovered}
        order = [need.service for need in self.needs.needs]
        return {
            "vendors": [rows[vendor].slug for vendor in team.vendors] if team else [],
            "covers": [slug for slug in order if slug in covered and slug not in uncovered],
            "uncovered": [slug for slug in order if slug in uncovered],
            "organizations": len({int(self.catalogue.owners[vendor]) for vendor in team.vendors}) if team else 0,
        }


def match_as_dict(match: Match) -> dict[str, Any]:
    return {
        "lane": match.lane,
        "rank": match.rank,
        "vendor": match.vendor,
        "name": match.name,
        "type": match.type,
        "score": match.score,
        "possible": match.possible,
        "gates": [{"gate": gate.key, "status": gate.status} for gate in match.gates],
        "contributions": [
            {"criterion": c.criterion, "weight": c.weight, "known": c.known, "possible": c.possible, "because": c.because}
            for c in match.contributions
        ],
        "first_share": match.shares.first,
        "top5_share": match.shares.top5,
    }


def advise(profile: Profile, catalogue: Catalogue) -> Advice:
    """Advise on one program: which kinds of partner, and who fits, lane by lane. A lane without needs is left out."""
    needs = needs_of(profile, catalogue.vocabulary)
    rankings = tuple(rank(profile, needs, catalogue, lane) for lane in LANES if needs.of(lane))
    return Advice(profile, catalogue, needs, recommend(profile, needs, catalogue.vocabulary), rankings)
