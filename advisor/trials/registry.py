"""Fetches one study record from ClinicalTrials.gov, and speaks to no other host: the address is built from the NCT number alone."""

import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any

from advisor.trials.record import LARGEST, NUMBER, TrialError, mapping, nct_number, open_record, text

ADDRESS = "https://clinicaltrials.gov/api/v2/studies/"
SECONDS = 8.0
UPLOAD = "Download the record from the study's page on ClinicalTrials.gov (Download, format JSON) and upload it here."
# Takes a request and the seconds to wait for each part of its answer; gives the open answer. Raises urllib.error.HTTPError or OSError.
Opener = Callable[[urllib.request.Request, float], Any]


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Leaves an answer that leads elsewhere as it is, so that it arrives as an error of its status."""

    def redirect_request(self, *args: Any, **options: Any) -> None:
        return None


def director(*transports: urllib.request.BaseHandler) -> urllib.request.OpenerDirector:
    """An opener that follows no redirect and knows only the given transports."""
    made = urllib.request.OpenerDirector()
    answers = (urllib.request.HTTPErrorProcessor(), urllib.request.HTTPDefaultErrorHandler(), urllib.request.UnknownHandler())
    for handler in (*transports, NoRedirects(), *answers):
        made.add_handler(handler)
    return made


def over_https(request: urllib.request.Request, seconds: float) -> Any:
    """The opener of the running portal: HTTPS alone, through the proxy that the environment names, where there is one."""
    return director(urllib.request.ProxyHandler(), urllib.request.HTTPSHandler()).open(request, timeout=seconds)


def fetch(number: str, *, opener: Opener = over_https, seconds: float = SECONDS, most: int = LARGEST) -> Mapping[str, Any]:
    """The study with an NCT number. Raises TrialError with the way out for whatever goes wrong.

    The registry gives a number that was merged into another one as a redirect: its target is taken as a number, never as an address.
    """
    number = nct_number(number)
    until = time.monotonic() + seconds
    content, merged = ask(number, opener, until, most)
    if merged:
        number = merged
        content, merged = ask(number, opener, until, most)
        if merged:
            raise TrialError(f"ClinicalTrials.gov sends the number from one study to the next. {UPLOAD}")
    try:
        study = open_record(content)
    except TrialError:
        raise TrialError(f"ClinicalTrials.gov answered with something that is no study record. Try again later. {UPLOAD}") from None
    if found_number(study) != number:
        raise TrialError(f"ClinicalTrials.gov answered with another study than {number}. {UPLOAD}")
    return study


def found_number(study: Mapping[str, Any]) -> str:
    return text(mapping(mapping(study["protocolSection"]).get("identificationModule")).get("nctId"))


def ask(number: str, opener: Opener, until: float, most: int) -> tuple[bytes, str]:
    """The bytes of a record, or the number that took its place."""
    request = urllib.request.Request(ADDRESS + number, headers={"Accept": "application/json", "User-Agent": "Crossmatch"})  # noqa: S310
    try:
        with opener(request, max(until - time.monotonic(), 0.001)) as answer:
            return read_within(answer, until, most), ""
    except urllib.error.HTTPError as error:
        with error:
            if error.code in {301, 302, 307, 308} and (merged := number_in(error.headers.get("Location", ""))):
                return b"", merged
            raise TrialError(words_of(error.code, number)) from None
    except TrialError:
        raise
    except TimeoutError:
        raise TrialError(f"ClinicalTrials.gov did not answer in time. Try again later. {UPLOAD}") from None
    except (OSError, HTTPException, ValueError) as error:
        late = isinstance(getattr(error, "reason", None), TimeoutError)
        what = "did not answer in time" if late else "cannot be reached from this portal"
        raise TrialError(f"ClinicalTrials.gov {what}. {UPLOAD}") from None


def read_within(answer: Any, until: float, most: int) -> bytes:
    """All of an answer, part by part, so that neither a slow nor an endless one holds the portal."""
    parts, size = [], 0
    while part := answer.read1(65_536):
        size += len(part)
        if size > most:
            raise TrialError(f"The record is larger than {most // 1024 // 1024 or 1} MB. {UPLOAD}")
        if time.monotonic() > until:
            raise TimeoutError
        parts.append(part)
    return b"".join(parts)


def number_in(address: str) -> str:
    """The NCT number of a study's address at the registry itself; empty for any other address."""
    found = re.fullmatch(rf"(?:{re.escape(ADDRESS)}|/api/v2/studies/)({NUMBER.pattern})(?:\?[^#]*)?", address, re.ASCII)
    return found[1] if found else ""


def words_of(status: int, number: str) -> str:
    if status == 404:
        return f"ClinicalTrials.gov has no study {number}; check the number."
    if status == 429:
        return f"ClinicalTrials.gov is asked too often at the moment. Try again in a minute. {UPLOAD}"
    if 300 <= status < 400:
        return f"ClinicalTrials.gov points to another address, which is not followed. {UPLOAD}"
    if status >= 500:
        return f"ClinicalTrials.gov has an error of its own ({status}). Try again later. {UPLOAD}"
    return f"ClinicalTrials.gov refused the request ({status}). {UPLOAD}"
