import io
import json
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from tests.engine.builders import FIXTURES, profile, vendor


def run(*args, **options):
    out = io.StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def write(tmp_path):
    def to_file(text):
        file = tmp_path / "programs.json"
        file.write_text(text, encoding="utf-8")
        return str(file)

    return to_file


PROGRAM = {"name": "First in human", "stage": "phase-1", "services": ["formulation", "clinical-operations"]}


def test_advise_prints_the_verdict_for_people(desk, write):
    text = run("advise", write(json.dumps(PROGRAM, indent=2)))
    assert "A CRO for clinical operations and monitoring; a CDMO for formulation development." in text
    assert "1. Makers (CDMO)" in text
    assert "Trialists" in text


def test_advise_prints_one_json_object_a_line(desk, write):
    lines = run("advise", write(f"{json.dumps(PROGRAM)}\n\n{json.dumps(PROGRAM)}\n"), format="json").splitlines()
    assert len(lines) == 2
    assert lines[0] == lines[1]
    assert json.loads(lines[0])["model"]["recommended"] == "CRO+CDMO"


def test_advise_reads_standard_input(desk, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(PROGRAM)))
    assert json.loads(run("advise", "-", format="json"))["profile"]["name"] == "First in human"


def test_advise_refuses_a_bad_profile_with_key_value_and_nearest(desk, write):
    with pytest.raises(CommandError) as refused:
        run("advise", write(json.dumps({"stage": "phase-1", "services": ["toxcology"]})))
    assert "services: 'toxcology'" in str(refused.value)
    assert "'toxicology'" in str(refused.value)
    assert refused.value.returncode == 1


def test_advise_names_the_line_of_a_bad_profile_and_prints_no_advice(desk, write):
    out = io.StringIO()
    file = write(f"{json.dumps(PROGRAM)}\n{{broken\n{json.dumps({'stage': 'phase-9', 'modality': 'mrna'})}\n")
    with pytest.raises(CommandError, match=r":2: .*\n.*:3: stage: 'phase-9'"):
        call_command("advise", file, stdout=out)
    assert out.getvalue() == ""


@pytest.mark.parametrize("text", ["", "\n", "[]", "3"])
def test_advise_refuses_a_file_without_a_profile(desk, write, text):
    with pytest.raises(CommandError, match="profile"):
        run("advise", write(text))


def test_advise_refuses_a_file_that_is_not_there(desk):
    with pytest.raises(CommandError, match="can't be read"):
        run("advise", "nowhere.json")


def test_advise_says_what_to_do_when_nothing_was_loaded(db, write):
    with pytest.raises(CommandError, match="make run"):
        run("advise", write(json.dumps(PROGRAM)))


def engagement(**changes):
    return json.dumps({
        "id": "e1", "type": "CDMO", "hired": [{"name": "Makers", "slug": "makers"}],
        "profile": profile(services=["formulation"]).as_dict(), **changes,
    })  # fmt: skip


def test_evaluate_counts_models_and_places(desk, write):
    lines = [engagement(), engagement(id="e2", type="CMO", hired=[{"name": "Elsewhere Ltd", "slug": None}])]
    text = run("evaluate", write("\n".join(lines)), verbosity=2)
    assert "Hired type is the recommended model  1 of 2 (50 %)" in text
    assert "Hired vendors in the catalogue       1 of 2 (50 %)" in text
    assert "the advice                         1 of 1 (100 %)   1 of 1 (100 %)   1.00" in text
    assert "e2: CMO was hired, CDMO is recommended" in text


def test_evaluate_finds_a_vendor_by_a_former_name(desk, add_vendors, write):
    add_vendors(vendor("newname", services=["formulation"], aliases=["Old Näme GmbH"]))
    text = run("evaluate", write(engagement(hired=[{"name": "OLD NAME gmbh", "slug": None}])))
    assert "Hired vendors in the catalogue       1 of 1" in text


def test_evaluate_does_not_count_a_vendor_past_the_tenth_place(desk, add_vendors, write):
    add_vendors(*(vendor(f"better-{i}", services=["formulation", "oral-solid-dose"]) for i in range(12)))
    text = run("evaluate", write(engagement(hired=[{"name": "Quiet-Works", "slug": "quiet-works"}])), verbosity=2)
    assert "the advice                         0 of 1 (0 %)     0 of 1 (0 %)     0.07" in text
    assert "Quiet-Works is number 14" in text


def test_evaluate_shows_what_the_baselines_would_have_found(desk, add_vendors, write):
    add_vendors(*(vendor(f"known-{i:02}", modalities=["mrna", "vaccine", "peptide"], stages=["phase-2"]) for i in range(19)))
    text = run("evaluate", write(engagement()))
    assert "most facts first (baseline)        0 of 1 (0 %)     0 of 1 (0 %)     0.05" in text
    assert "chance within type (baseline)      0.5 of 1 (50 %)  0.1 of 1 (15 %)" in text


def test_evaluate_names_what_it_could_not_read(desk, write):
    with pytest.raises(CommandError) as refused:
        run("evaluate", write("\n".join([engagement(), "{broken", engagement(id="e3", profile={"stage": "phase-9"}), '{"id": "e4"}'])))
    assert "line 2" in str(refused.value)
    assert "e3: stage: 'phase-9'" in str(refused.value)
    assert "e4" in str(refused.value)


SAMPLE = FIXTURES.parent / "tests" / "samples" / "trial-adc-phase-1-2.json"


def test_a_registered_trial_becomes_a_profile_that_can_be_advised_on(desk, write):
    out, err = io.StringIO(), io.StringIO()
    call_command("profile_from_trial", str(SAMPLE), stdout=out, stderr=err)
    assert json.loads(out.getvalue())["modality"] == "antibody-drug-conjugate"
    assert "Stage now: from NCT99990001, phases: phase 1 and phase 2." in err.getvalue()
    assert "CDMO" in run("advise", write(out.getvalue()))


def test_what_a_registered_trial_does_not_say_is_told_on_standard_error(desk, monkeypatch):
    content = SAMPLE.with_name("trial-device-without-phase.json").read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    out, err = io.StringIO(), io.StringIO()
    call_command("profile_from_trial", "-", stdout=out, stderr=err)
    assert "stage" not in json.loads(out.getvalue())
    assert "Stage now: left empty. The registry gives no phase (NA)" in err.getvalue()


@pytest.mark.parametrize("text,words", [("", "empty"), ("<clinical_study/>", "XML"), ('{"studies": []}', "search results")])
def test_a_file_that_is_no_study_record_is_refused_in_one_line(desk, write, text, words):
    with pytest.raises(CommandError, match=words) as refused:
        run("profile_from_trial", write(text))
    assert refused.value.returncode == 1
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("file", ["nowhere.json", "a\0b"])
def test_a_study_record_that_is_not_there_is_told(desk, file):
    with pytest.raises(CommandError, match="can't be read"):
        run("profile_from_trial", file)


def test_a_study_record_says_what_to_do_where_nothing_was_loaded(db):
    with pytest.raises(CommandError, match="make run"):
        run("profile_from_trial", str(SAMPLE))


@pytest.mark.parametrize(
    "command,code,content", [("advise", 1, json.dumps(PROGRAM)), ("profile_from_trial", 1, "{}"), ("verify_record", 2, "%PDF-1.7")]
)
def test_a_command_without_its_tables_says_what_to_run_first(tmp_path, write, command, code, content):
    done = subprocess.run(
        [sys.executable, "manage.py", command, write(content)],
        cwd=FIXTURES.parent,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == code
    assert "run `manage.py prepare`, or `make run`, first." in done.stderr
    assert "Traceback" not in done.stderr
