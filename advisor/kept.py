"""The advice as a version of a program keeps it: complete enough to stand alone for years, and bounded.

It is the advice JSON with what a reader or a record needs beside it, in the words of its day, since names of terms, rules
and vendors may change. Nothing in it has to be looked up.
"""

from typing import Any

from advisor import result
from advisor.engine.advice import Advice, match_as_dict
from advisor.engine.ranking import Match, Ranking, gates_of
from advisor.engine.references import REFERENCES, Reference
from advisor.forms import CRITERION_NAMES

# Of each lane: vendors with their contributions, and vendors that a must-have keeps out. `lanes` has the numbers of all.
MOST_MATCHES = 50
MOST_EXCLUDED = 200


def kept(advice: Advice) -> dict[str, Any]:
    """The advice JSON, version 1, with at most MOST_MATCHES matches a lane, and these keys beside it.

    verdict, headline: the answer and the program in words. words: the program row by row. needs: services with lane,
    stages, whether wished, and why proposed. lanes: of each its numbers, weights, sureness and nearest flip. excluded: who
    fails which must-have. teams: the best team of each size. Reasons carry condition, sources and what disagrees in full.
    """
    # The matches take most of the time, so they are worked out once, here.
    plain = advice.as_dict(0)
    for option, written in zip(advice.model.options, plain["model"]["options"], strict=True):
        for reason, row in zip(option.reasons, written["reasons"], strict=True):
            rule = reason.rule
            row |= {
                "number": rule.number,
                "condition": rule.condition,
                "shift": reason.shift,
                "references": [source_as_dict(REFERENCES[key]) for key in rule.sources],
                "against": [
                    {"text": objection.text, "references": [source_as_dict(REFERENCES[key]) for key in objection.sources]}
                    for objection in rule.against
                ],
            }
    plain["matches"] = [match_in_words(match) for ranking in advice.rankings for match in ranking.matches(0, MOST_MATCHES)]
    for question, row in zip(advice.questions, plain["questions"], strict=True):
        row["name"] = question.name
    names = advice.catalogue.vocabulary
    return plain | {
        "verdict": advice.verdict,
        "headline": result.headline(advice),
        "words": result.program_words(advice),
        "needs": [
            {"service": need.service, "name": names.name("services", need.service), "lane": need.lane, "stages": list(need.stages),
             "wished": need.service in advice.profile.wished, "proposed_because": need.proposed_because}
            for need in advice.needs.needs
        ],
        "kept_in_house": [{"service": slug, "name": names.name("services", slug)} for slug in advice.needs.kept],
        "lanes": [lane_as_dict(ranking) for ranking in advice.rankings],
        "excluded": [row for ranking in advice.rankings for row in excluded(ranking)],
        "teams": teams_as_dicts(advice),
    }  # fmt: skip


def outline(advice: Advice) -> dict[str, Any]:
    """As much of what is kept as a comparison looks at, at a small part of the cost."""
    rows = advice.catalogue.rows
    return {
        "catalogue": {"version": advice.catalogue.version, "vendors": len(advice.catalogue)},
        "model": {"recommended": advice.model.first.model},
        "words": result.program_words(advice),
        "lanes": [{"lane": ranking.lane} for ranking in advice.rankings],
        "matches": [
            {"lane": ranking.lane, "rank": rank, "vendor": rows[place].slug, "name": rows[place].name}
            for ranking in advice.rankings
            for rank, place in enumerate(ranking.head(MOST_MATCHES).tolist(), 1)
        ],
        "teams": teams_as_dicts(advice),
    }


def teams_as_dicts(advice: Advice) -> list[dict[str, Any]]:
    """The best team of each size; one of them is the one that the advice points to."""
    rows = advice.catalogue.rows
    return [
        {
            "vendors": [{"vendor": rows[v].slug, "name": rows[v].name, "type": rows[v].type} for v in team.vendors],
            "fit": team.fit,
            "chosen": team is advice.team,
        }
        for team in advice.teams.by_size
    ]


def match_in_words(match: Match) -> dict[str, Any]:
    """A match as the advice JSON has it, with its sentence and the names of its must-haves and criteria."""
    return {
        **match_as_dict(match),
        "because": match.because,
        "gates": [{"gate": gate.key, "name": gate.name, "status": gate.status} for gate in match.gates],
        "criteria": {c.criterion: CRITERION_NAMES[c.criterion] for c in match.contributions},
    }


def source_as_dict(reference: Reference) -> dict[str, str]:
    return {"url": reference.url, "title": reference.title, "publisher": reference.publisher, "note": reference.note}


def lane_as_dict(ranking: Ranking) -> dict[str, Any]:
    """What holds of a lane as a whole; weights are shares of 1."""
    flip = ranking.flip
    return {
        "lane": ranking.lane,
        "title": result.LANE_TITLES[ranking.lane],
        "vendors": len(ranking),
        "excluded": len(ranking.failed),
        "weights": dict(ranking.weights),
        "sure": result.how_sure(ranking),
        "flip": flip and {"criterion": flip.criterion, "before": flip.before, "after": flip.after},
    }


def excluded(ranking: Ranking) -> list[dict[str, Any]]:
    """Vendors that offer something needed and are known to fail a must-have, with the must-haves that they fail."""
    rows = ranking.question.catalogue.rows
    return [
        {
            "lane": ranking.lane,
            "vendor": rows[place].slug,
            "name": rows[place].name,
            "type": rows[place].type,
            "failed": [{"gate": gate.key, "name": gate.name} for gate in gates_of(ranking.question, place) if gate.status == "fail"],
        }
        for place in ranking.failed[:MOST_EXCLUDED].tolist()
    ]
