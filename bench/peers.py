"""Others who do the same work, over the same vendors: facets in four ways, and rankings in two.

All answer the one question that `engine.facets_and_page` answers: with a type and a stage chosen, the first 25 vendors and the
figure beside every choice of every filter, each filter's own selection set aside. Figures are compared with ours before a
time counts. Datasette has no such counting: it counts within the whole selection, which is less work.
"""

import asyncio
import json
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from advisor.engine.needs import needs_of
from advisor.engine.profile import Profile
from advisor.engine.ranking import rank
from bench import engine, generate
from bench.timing import Time, on_one_core, timed
from vendors import facets as ours
from vendors.catalogue import Catalogue

# By the name of the filter, as every peer stores them; what we count beside has no term of its own.
FILTERS = dict(ours.DIMENSIONS)
Counts = dict[str, dict[str, int]]


def wanted(catalogue: Catalogue) -> Counts:
    counts = ours.counts(catalogue, engine.SELECTION)
    left = {name: {slug: n for slug, n in counts[name].items() if n} for name in FILTERS}
    left["ai"].pop(ours.NOT_CHECKED, None)
    return left


def others(name: str) -> dict[str, list[str]]:
    return {other: slugs for other, slugs in engine.SELECTION.items() if other != name}


def facets(size: int) -> dict[str, Any]:
    """Times of each peer by name; of one that is not installed, or does not agree with us, why."""
    on_one_core()
    sample = generate.sample(size)
    catalogue = sample.catalogue()
    records = {name: [[] for _ in range(size)] for name in FILTERS}
    for name, dimension in FILTERS.items():
        slugs = list(sample.vocabulary.terms(dimension))
        for term, vendor in zip(*(marks.tolist() for marks in sample.marks[dimension]), strict=True):
            records[name][vendor].append(slugs[term])
    expected = wanted(catalogue)
    found: dict[str, Any] = {"Crossmatch": timed(lambda: engine.facets_and_page(catalogue))}
    with tempfile.TemporaryDirectory(prefix="crossmatch-bench-") as folder:
        for peer, make in (("DuckDB", duckdb), ("tantivy", tantivy), ("plain SQL on SQLite", plain_sql), ("Datasette", datasette)):
            try:
                found[peer] = make(Path(folder), sample, records, expected)
            except ImportError as error:
                found[peer] = f"not installed ({error})"
            except AssertionError:
                found[peer] = "gives other figures"
    return found


def measured(work: Callable[[], Counts], expected: Counts) -> Time:
    assert work() == expected
    return timed(work, most=7, seconds=6)


# The plus keeps SQLite from looking up every vendor under every term, which took minutes.
SQL_FACET = "SELECT term, count(*) FROM fact WHERE filter = '{name}' AND +vendor IN ({left}) GROUP BY term"
SQL_LEFT = "SELECT vendor FROM fact WHERE filter = '{name}' AND term IN ({terms})"


def sql_left(selection: dict[str, list[str]]) -> str:
    parts = [SQL_LEFT.format(name=name, terms=", ".join(f"'{slug}'" for slug in slugs)) for name, slugs in selection.items()]
    return " INTERSECT ".join(parts) or "SELECT id FROM vendor"


def by_sql(ask: Callable[[str], list[tuple]]) -> Counts:
    ask(f"SELECT id, name FROM vendor WHERE id IN ({sql_left(engine.SELECTION)}) ORDER BY name LIMIT {engine.PER_PAGE}")  # noqa: S608
    return {name: dict(ask(SQL_FACET.format(name=name, left=sql_left(others(name))))) for name in FILTERS}


def rows_of(sample: generate.Sample, records: dict[str, list[list[str]]]) -> tuple[list[tuple], list[tuple]]:
    vendors = [(number, name) for number, name in enumerate(sample.names)]
    return vendors, [(name, term, number) for name, lists in records.items() for number, terms in enumerate(lists) for term in terms]


def duckdb(folder: Path, sample: generate.Sample, records: dict[str, list[list[str]]], expected: Counts) -> Time:
    import duckdb as library
    import pandas as pd

    database = library.connect(config={"threads": 1})
    vendors, pairs = rows_of(sample, records)
    vendor_frame, fact_frame = (
        pd.DataFrame(vendors, columns=["id", "name"]),
        pd.DataFrame(pairs, columns=["filter", "term", "vendor"]),
    )
    database.register("vendor_frame", vendor_frame)
    database.register("fact_frame", fact_frame)
    database.execute("CREATE TABLE vendor AS SELECT * FROM vendor_frame")
    # As a careful user would keep them: few different words, so as an enumeration, and each filter's rows together.
    database.execute("CREATE TYPE filter_name AS ENUM (SELECT DISTINCT filter FROM fact_frame ORDER BY 1)")
    database.execute("CREATE TYPE term_name AS ENUM (SELECT DISTINCT term FROM fact_frame ORDER BY 1)")
    columns = "filter::filter_name AS filter, term::term_name AS term, vendor::INTEGER AS vendor"
    database.execute(f"CREATE TABLE fact AS SELECT {columns} FROM fact_frame ORDER BY 1, 3")  # noqa: S608
    return measured(lambda: by_sql(lambda text: database.execute(text).fetchall()), expected)


def plain_sql(folder: Path, sample: generate.Sample, records: dict[str, list[list[str]]], expected: Counts) -> Time:
    database = sqlite3.connect(folder / "plain.sqlite3")
    vendors, pairs = rows_of(sample, records)
    database.execute("CREATE TABLE vendor (id integer PRIMARY KEY, name text)")
    database.execute("CREATE TABLE fact (filter text, term text, vendor integer, PRIMARY KEY (filter, term, vendor)) WITHOUT ROWID")
    database.executemany("INSERT INTO vendor VALUES (?, ?)", vendors)
    database.executemany("INSERT INTO fact VALUES (?, ?, ?)", sorted(set(pairs)))
    database.execute("CREATE INDEX by_name ON vendor (name)")
    database.execute("ANALYZE")
    try:
        return measured(lambda: by_sql(lambda text: database.execute(text).fetchall()), expected)
    finally:
        database.close()


def tantivy(folder: Path, sample: generate.Sample, records: dict[str, list[list[str]]], expected: Counts) -> Time:
    import tantivy as library

    builder = library.SchemaBuilder()
    builder.add_integer_field("id", stored=True, fast=True)
    for name in FILTERS:
        builder.add_text_field(name, tokenizer_name="raw", fast=True)
    index = library.Index(builder.build())
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for number in range(len(sample.names)):
        writer.add_document(library.Document(id=number, **{name: lists[number] for name, lists in records.items()}))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def query(selection: dict[str, list[str]]) -> Any:
        parts = [(library.Occur.Must, library.Query.term_set_query(index.schema, name, slugs)) for name, slugs in selection.items()]
        return library.Query.boolean_query(parts) if parts else library.Query.all_query()

    def terms(names: list[str]) -> dict[str, Any]:
        return {name: {"terms": {"field": name, "size": 1_000}} for name in names}

    def ask() -> Counts:
        searcher.search(query(engine.SELECTION), engine.PER_PAGE, order_by_field="id", order=library.Order.Asc)
        # The filters without a selection share one question, as they do with us.
        groups = [[name for name in FILTERS if name not in engine.SELECTION], *([name] for name in engine.SELECTION)]
        left: Counts = {}
        for names in groups:
            kept = engine.SELECTION if len(names) > 1 else others(names[0])
            answer = searcher.aggregate(query(kept), terms(names))
            left |= {name: {bucket["key"]: bucket["doc_count"] for bucket in answer[name]["buckets"]} for name in names}
        return left

    return measured(ask, expected)


def datasette(folder: Path, sample: generate.Sample, records: dict[str, list[list[str]]], expected: Counts) -> Time:
    from datasette.app import Datasette

    file = folder / "vendors.db"
    database = sqlite3.connect(file)
    columns = ", ".join(f'"{name}" text' for name in FILTERS)
    database.execute(f"CREATE TABLE vendors (id integer PRIMARY KEY, name text, {columns})")
    marks = ", ".join("?" for _ in range(len(FILTERS) + 2))
    lists = [(number, name, *(json.dumps(records[filter_][number]) for filter_ in FILTERS)) for number, name in enumerate(sample.names)]
    database.executemany(f"INSERT INTO vendors VALUES ({marks})", lists)  # noqa: S608
    database.commit()
    database.close()
    # Without its guesses at further facets, which no other makes.
    limits = {
        "suggest_facets": False,
        "facet_time_limit_ms": 100_000,
        "sql_time_limit_ms": 100_000,
        "default_facet_size": 500,
        "max_returned_rows": 1_000,
    }
    server = Datasette([str(file)], settings=limits)
    # It knows no "any of" for lists, so the stage alone is asked for.
    asked = "&".join([*(f"_facet_array={name}" for name in FILTERS), "stages__arraycontains=phase-1", f"_size={engine.PER_PAGE}"])

    async def ask() -> int:
        return (await server.client.get(f"/vendors/vendors.json?{asked}")).status_code

    with asyncio.Runner() as runner:
        assert runner.run(ask()) == 200
        return timed(lambda: runner.run(ask()), most=2, seconds=6)


def ranking(size: int) -> dict[str, Any]:
    """Ranking the vendors of one lane by the same criteria and weights; the others are handed the values ready made."""
    on_one_core()
    catalogue = generate.sample(size).catalogue()
    profile = Profile.from_dict(engine.PROFILE, catalogue.vocabulary)
    needs = needs_of(profile, catalogue.vocabulary)
    ranked = rank(profile, needs, catalogue, "making")
    names = list(ranked.weights)
    weights = np.array([ranked.weights[name] for name in names])
    values = np.ascontiguousarray(np.array([ranked.values[name].known.all for name in names]).T[ranked.candidates])
    found: dict[str, Any] = {
        "Crossmatch, from the bits": timed(lambda: rank(profile, needs, catalogue, "making").head(engine.PER_PAGE)),
        "vendors": len(values),
        "criteria": len(names),
    }
    for peer, make in (("pymcdm TOPSIS", topsis), ("scikit-criteria weighted sum", weighted_sum)):
        try:
            found[peer] = timed(make(values, weights, names), most=5, seconds=6)
        except ImportError as error:
            found[peer] = f"not installed ({error})"
    return found


def topsis(values: Any, weights: Any, names: list[str]) -> Callable[[], object]:
    from pymcdm.methods import TOPSIS

    method, kinds = TOPSIS(), np.ones(len(names))
    return lambda: method.rank(method(values, weights, kinds))


def weighted_sum(values: Any, weights: Any, names: list[str]) -> Callable[[], object]:
    import skcriteria
    from skcriteria.agg.simple import WeightedSumModel

    matrix = skcriteria.mkdm(values, [max] * len(names), weights=weights, criteria=names)
    method = WeightedSumModel()
    return lambda: method.evaluate(matrix).rank_
