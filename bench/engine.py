"""The engine alone: facets, and the advice, over a catalogue in memory."""

import datetime as dt
from typing import Any

import numpy as np

from advisor.engine.advice import Advice, advise
from advisor.engine.needs import needs_of
from advisor.engine.profile import Profile
from advisor.engine.ranking import rank
from bench import generate
from bench.timing import memory, on_one_core, once, peak_memory, timed
from vendors import facets
from vendors.catalogue import LANES, Bits, Catalogue

# The example of the design: a conjugate from the first trial to the second, with a must-have and priorities.
PROFILE = {
    "name": "ADC-101 first in human", "stage": "phase-1", "through": "phase-2", "therapeutic_areas": ["oncology"],
    "modality": "antibody-drug-conjugate", "services": ["bioconjugation", "sterile-fill-finish", "clinical-operations"],
    "in_house": ["biostatistics"], "countries": ["US", "AU"], "must_have": {"accreditations": ["gmp"], "countries": []},
    "priorities": {"expertise": 5, "single_vendor": 2, "flexibility": 3, "ai": 0}, "weights": {},
}  # fmt: skip
# A list with two filters on: enough are left for many pages.
SELECTION = {"type": ["CRO", "CDMO"], "stages": ["phase-1"]}
PER_PAGE = 25
TODAY = dt.date(2026, 11, 22)


def selected(catalogue: Catalogue) -> Bits:
    found = catalogue.everyone
    for name, slugs in SELECTION.items():
        found = found & facets.chosen(catalogue, name, slugs)
    return found


def facets_and_page(catalogue: Catalogue) -> tuple[dict[str, dict[str, int]], list[str]]:
    """All that a filtered list takes from the engine: every figure of every filter, and who is on the first page."""
    left = facets.counts(catalogue, SELECTION, today=TODAY)
    return left, [catalogue.rows[place].slug for place in facets.places(selected(catalogue), 0, PER_PAGE).tolist()]


def whole_advice(profile: Profile, catalogue: Catalogue) -> Advice:
    """All that a result page takes from the engine."""
    advice = advise(profile, catalogue)
    for ranking in advice.rankings:
        ranking.matches(0, 5)  # with the shares of the first fifty
        _ = ranking.flip
    _ = advice.verdict, advice.team, advice.questions
    return advice


def measure(size: int) -> dict[str, Any]:
    """Everything of one size; 0 is the real catalogue."""
    on_one_core()
    before = memory()
    if size:
        sample = generate.sample(size)
        found: dict[str, Any] = {"terms": sample.terms_a_vendor}
        catalogue = sample.catalogue()
    else:
        records = generate.real_records()
        catalogue = Catalogue.from_records(generate.real_vocabulary(), records).prepared()
        found = {"terms": sum(map(np.sum, catalogue.totals.values())) / len(catalogue)}
    profile = Profile.from_dict(PROFILE, catalogue.vocabulary)
    needs = needs_of(profile, catalogue.vocabulary)
    found["vendors"] = len(catalogue)
    used = sum(int(np.count_nonzero(totals)) for totals in catalogue.totals.values())
    found["bits"] = used * len(catalogue.everyone) * 8 / len(catalogue)
    found["left"] = int(np.bitwise_count(selected(catalogue)).sum(dtype=np.int64))
    found["facets"] = timed(lambda: facets_and_page(catalogue))
    found["facets unfiltered"] = timed(lambda: facets.counts(catalogue, {}, today=TODAY))
    found["first advice"] = once(lambda: whole_advice(profile, catalogue))
    found["advice"] = timed(lambda: whole_advice(profile, catalogue), seconds=5)
    lanes = [lane for lane in LANES if needs.of(lane)]
    found["rank"] = timed(lambda: [rank(profile, needs, catalogue, lane).head(PER_PAGE) for lane in lanes])
    found["lanes"] = len(lanes)
    found["memory"] = {"before": before, "now": memory(), "peak": peak_memory()}
    return found
