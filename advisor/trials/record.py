"""Opens a study record of ClinicalTrials.gov: from bytes to the one object of API version 2, or a sentence that says what it is instead."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

# Bytes. Records without results stay under half a megabyte; the few with very many results are not needed whole.
LARGEST = 8 * 1024 * 1024
# Characters: names and titles are far shorter, and of a description the beginning says what a drug is.
LONGEST = 2_000
NUMBER = re.compile(r"NCT\d{8}", re.ASCII)
# What no page can show and one database refuses.
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
WAY_OUT = (
    "Open the study's page on ClinicalTrials.gov, choose Download, and there the format JSON for this one study; "
    "or take it from https://clinicaltrials.gov/api/v2/studies/ followed by its NCT number."
)


class TrialError(ValueError):
    """A record that can't be read or fetched; the message is one line for the reader, with the way out."""


def nct_number(text: str) -> str:
    """The NCT number that a reader typed, in its one form. Raises TrialError."""
    tidy = "".join(text.split()).upper()
    if not NUMBER.fullmatch(tidy):
        raise TrialError(f"“{shown(text)}” is not an NCT number; one is NCT and eight digits, such as NCT01234567.")
    return tidy


def open_record(content: bytes | str) -> Mapping[str, Any]:
    """The study of a file. Raises TrialError for anything but one record of API version 2, naming what it is."""
    if len(content) > LARGEST:
        raise TrialError(f"The file is larger than {LARGEST // 1024 // 1024} MB; a record without its results is enough.")
    if isinstance(content, bytes):
        if content.startswith(b"PK\x03\x04"):
            raise TrialError(f"This is a ZIP archive, not one record. {WAY_OUT}")
        try:
            content = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise TrialError(f"This is not a text in UTF-8, so not a study record. {WAY_OUT}") from None
    content = content.removeprefix("\ufeff")
    if not content.strip():
        raise TrialError(f"The file is empty. {WAY_OUT}")
    try:
        data = json.loads(content)
    except RecursionError:
        raise TrialError(f"This JSON is nested too deeply to be a study record. {WAY_OUT}") from None
    except ValueError as error:
        raise TrialError(f"{not_json(content.lstrip(), error)} {WAY_OUT}") from None
    return study_of(data)


def not_json(content: str, error: ValueError) -> str:
    """What a text is that is no JSON, in a sentence."""
    head = content[:4000]
    if "<clinical_study" in head:
        return "This is the XML of the former ClinicalTrials.gov site, which is no longer read."
    if re.match(r"<(!doctype\s+html|html)\b", head, re.IGNORECASE):
        return "This is a web page, not the study's record."
    if head.startswith("<"):
        return "This is XML, not a JSON record."
    first = head.split("\n", 1)[0]
    if re.search(r"\bNCT ?Number\b", first, re.IGNORECASE) and re.search(r"[,\t;]", first):
        return "This is a table of search results (CSV), not one study's record."
    if isinstance(error, json.JSONDecodeError):
        return f"This is not JSON: line {error.lineno}, column {error.colno} can't be read."
    return "This JSON holds a number that is too long to be read."


def study_of(data: object) -> Mapping[str, Any]:
    """The study of parsed JSON. Raises TrialError."""
    if isinstance(data, list):
        raise TrialError(f"This is a list of {count(data)}; give one study's record. {WAY_OUT}")
    if not isinstance(data, Mapping):
        raise TrialError(f"This is JSON, but no study record. {WAY_OUT}")
    if isinstance(data.get("protocolSection"), Mapping):
        identification = mapping(mapping(data["protocolSection"]).get("identificationModule"))
        if not NUMBER.fullmatch(text(identification.get("nctId"))):
            raise TrialError(f"This record has no NCT number (protocolSection.identificationModule.nctId). {WAY_OUT}")
        return data
    old = {"FullStudiesResponse", "StudyFieldsResponse", "FullStudies", "StudyFields", "Study", "ProtocolSection"} & data.keys()
    if old:
        raise TrialError(f"This is a record of the registry's API version 1 ({min(old)}), which was retired in 2024. {WAY_OUT}")
    if isinstance(data.get("studies"), list):
        raise TrialError(f"This is a page of search results with {count(data['studies'])}; give one study's record. {WAY_OUT}")
    if "clinical_study" in data:
        raise TrialError(f"This is the former site's XML turned into JSON, which is not read. {WAY_OUT}")
    keys = ", ".join(shown(key, 30) for key in list(data)[:5]) or "no keys at all"
    raise TrialError(f"This JSON is no study record: it has {keys}, but no protocolSection. {WAY_OUT}")


def count(studies: list[Any]) -> str:
    """How many studies there are, with the numbers of the first ones."""
    found = [
        text(mapping(mapping(mapping(study).get("protocolSection")).get("identificationModule")).get("nctId")) for study in studies[:3]
    ]
    named = ", ".join(number for number in found if NUMBER.fullmatch(number))
    words = f"{len(studies)} {'study' if len(studies) == 1 else 'studies'}"
    return f"{words} ({named}{', …' if len(studies) > 3 else ''})" if named else words


# A value of another type than the registry writes is read as one that is missing: the reader is told that it was left empty.


def mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def text(value: object) -> str:
    """A text in one line, without what can't be shown; of a very long one the beginning."""
    return " ".join(UNPRINTABLE.sub(" ", value[:LONGEST]).split()) if isinstance(value, str) else ""


def texts(value: object) -> list[str]:
    return [line for line in map(text, value) if line] if isinstance(value, list) else []


def mappings(value: object) -> Iterator[Mapping[str, Any]]:
    return (entry for entry in value if isinstance(entry, Mapping)) if isinstance(value, list) else iter(())


def shown(value: str, most: int = 60) -> str:
    """A text as a message repeats it: short, in one line."""
    line = text(value)
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
