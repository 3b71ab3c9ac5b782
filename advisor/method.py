"""How the advice is worked out, as a page shows it: read off the engine's own data, so that the two can't drift apart."""

from typing import Any

from advisor.engine.partner_model import CLOSE
from advisor.engine.profile import PREFERENCES
from advisor.engine.ranking import DEFAULT_WEIGHTS
from advisor.engine.references import REFERENCES
from advisor.engine.robustness import CONSIDERED, DRAWS
from advisor.engine.rules import RULES
from advisor.forms import CRITERION_NAMES


def whole() -> dict[str, Any]:
    """What the method page shows: the rules, the default weights, the figures behind the scores."""
    return {
        "rules": [
            {
                "rule": rule,
                "sources": [REFERENCES[key] for key in rule.sources],
                "against": [(objection.text, [REFERENCES[key] for key in objection.sources]) for objection in rule.against],
            }
            for rule in RULES
        ],
        "weights": [
            {
                "name": name,
                "research": DEFAULT_WEIGHTS["research"][key],
                "making": DEFAULT_WEIGHTS["making"][key],
                "preference": key in PREFERENCES,
            }
            for key, name in CRITERION_NAMES.items()
        ],
        "weight_sources": [REFERENCES[key] for key in ("smith-scorecard", "cro-matrix-template", "isr-cmo-2016", "isr-cro-phase-2-3")],
        "draws": DRAWS,
        "considered": CONSIDERED,
        "close": 100 * CLOSE,
    }
