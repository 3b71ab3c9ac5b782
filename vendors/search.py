"""Full text over the catalogue: what was typed becomes words, the words become a query, and a list says where they stand.

Both databases are asked for the same tokens, made here: a letter for the place where a word stands, then the word, folded.
So neither folds, splits or stems by rules of its own, and neither ranks: points go by place (a name before another name
before a mention) and by kind (the word itself before its beginning). Services and countries are held by their keys and
looked up by name when somebody asks, so a renamed one needs no new index.

Who writes a vendor calls `index` in the same transaction. Readers: `read` what was typed, then `within`, `relevance`, `snippets`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, reduce
from itertools import batched
from operator import add, itemgetter

from django.db import connection
from django.db.models import Case, Exists, Lookup, OuterRef, Value, When, prefetch_related_objects
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from vendors.folding import fold
from vendors.models import FACTS, CatalogueVersion, Country, SearchText, Service, Site, Vendor, VendorQuerySet

# Grows with every change of what a vendor's words are; `refresh` then writes those of older rules anew.
RULES = 1
LONGEST_WORD = 40  # letters; PostgreSQL refuses a word of more than 2 kB
MOST_WORDS_OF_A_VENDOR = 5_000  # and a vendor of more than 1 MB
MOST_WORDS = 40  # nobody is found by more
RANKED_WORDS = 8  # the others have to be there, but give no points
SHORTEST_BEGINNING = 3  # letters; a shorter beginning is looked for in names only, since nearly every text has it
AT_ONCE = 500  # vendors indexed at a time

# A run of letters and figures with their accents; an apostrophe inside belongs to it.
RUN = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+(?:['’](?:[^\W_][\u0300-\u036f]*)+)*")
# Letters that are no letter with an accent to Unicode, but are to whoever types them.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "\N{LATIN SMALL LETTER DOTLESS I}": "i", "ħ": "h"}
)
# Said in passing: left out of a search that has other words, as are the forms of companies.
PASSING = frozenset("a an and are as at by for from in is of on or that the to with".split())  # noqa: SIM905
COMPANY = frozenset("ag bv co corp corporation gmbh inc incorporated limited llc ltd nv plc".split())  # noqa: SIM905

# Places, by the letter that their tokens begin with; small ones, since SQLite tells no small letter from a capital.
WHOLE_NAME, WHOLE_ALIAS = "w", "x"
NAME, ALIAS, OWNER, SERVICE, COUNTRY, TYPE, MENTION = "n", "a", "o", "s", "c", "t", "m"
# Points of one word: the word itself, and its beginning.
POINTS: Mapping[str, tuple[int, int]] = {NAME: (60, 40), ALIAS: (45, 30), OWNER: (24, 16), SERVICE: (20, 12), MENTION: (10, 6)}
# Points of all that was typed, once: the whole name, or its beginning. "biotechne" is the whole of Bio-Techne. A former name
# gets so few that a name with the same words still stands before it.
WHOLE_POINTS: Mapping[str, tuple[int, int]] = {WHOLE_NAME: (200, 50), WHOLE_ALIAS: (14, 5)}

# Any of these, each of which is all of these, each of which is any of these tokens; one that ends in * is a beginning.
Tokens = Sequence[str]
Query = tuple[tuple[tuple[str, ...], ...], ...]


@lru_cache(maxsize=2**16)
def plain(run: str) -> str:
    """One word as it is compared: `"Zürich’s"` becomes `"zurichs"`."""
    return "".join(letter for letter in fold(run).translate(PLAIN) if letter.isalnum())[:LONGEST_WORD]


def words(text: str) -> list[str]:
    return [word for word in map(plain, RUN.findall(text)) if word]


# Endings that leave the sense of a word, longest first, with the letters that have to be left.
ENDINGS = (("ation", 5), ("ating", 5), ("ator", 5), ("ated", 5), ("ate", 5), ("ing", 4), ("ion", 4), ("er", 5), ("ed", 5), ("e", 4))


@lru_cache(maxsize=2**16)
def stem(word: str) -> str:
    """What a word shares with its near relations: conjugates, conjugated and conjugation are `"conjug"`."""
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending, least in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return word.removesuffix(ending)
    return word


# Writing


def index(vendors: Iterable[int]):
    """Write the words of the vendors with these keys. Call it in the transaction that changes them."""
    for keys in batched(vendors, AT_ONCE):
        texts: dict[int, list[tuple[str, str]]] = {key: [] for key in keys}
        known: dict[int, set[str]] = {key: set() for key in keys}
        for site in Site.objects.filter(vendor__in=keys).order_by("pk").values_list("vendor_id", "city", "what", "country_id"):
            texts[site[0]] += [(MENTION, site[1]), (MENTION, site[2])]
            known[site[0]].add(COUNTRY + site[3].lower())
        for key, service in Vendor.services.through.objects.filter(vendor__in=keys).values_list("vendor_id", "service_id"):
            known[key].add(f"{SERVICE}{service}")
        columns = ("pk", "name", "aliases", "parent", "type", "summary", "ai_note", "hq_city", "hq_country_id")
        rows = []
        for key, name, aliases, parent, kind, summary, ai_note, city, country in Vendor.objects.filter(pk__in=keys).values_list(*columns):
            if country:
                known[key].add(COUNTRY + country.lower())
            known[key] |= {TYPE + kind.lower(), WHOLE_NAME + joined(name), *(WHOLE_ALIAS + joined(alias) for alias in aliases)}
            places = [(NAME, name), *((ALIAS, alias) for alias in aliases), (OWNER, parent)]
            tokens = tokens_of([*places, (MENTION, summary), (MENTION, ai_note), (MENTION, city), *texts[key]], known[key])
            rows.append(SearchText(vendor_id=key, words=" ".join(tokens), rules=RULES))
        SearchText.objects.bulk_create(rows, update_conflicts=True, unique_fields=["vendor"], update_fields=["words", "rules"])


def tokens_of(texts: Iterable[tuple[str, str]], tokens: set[str]) -> list[str]:
    """The tokens of texts, best place first, beside those given; a word is held once, at its best place."""
    seen: set[str] = set()
    for place, text in texts:
        for word in words(text):
            if word not in seen:
                for form in (word, stem(word)):
                    if form not in seen:
                        seen.add(form)
                        tokens.add(place + form)
        if len(tokens) > MOST_WORDS_OF_A_VENDOR:
            break
    return sorted(tokens)[:MOST_WORDS_OF_A_VENDOR]


def joined(text: str) -> str:
    """All words of a name as one, without the form of a company."""
    found = words(text)
    return "".join([word for word in found if word not in COMPANY] or found)[:LONGEST_WORD]


def refresh() -> int:
    """Index the vendors that are not, or by older rules; how many there were."""
    current = SearchText.objects.filter(vendor=OuterRef("pk"), rules=RULES)
    keys = list(Vendor.objects.filter(~Exists(current)).order_by("pk").values_list("pk", flat=True))
    index(keys)
    return len(keys)


# Asking


class Holds(Lookup):
    """Whether the words of a vendor meet a query; the index of either database answers."""

    lookup_name = "holds"
    prepare_rhs = False
    rhs: Query

    def table(self, compiler) -> str:
        return compiler.quote_name(self.lhs.alias)

    def as_sqlite(self, compiler, connection, **_):
        typed = written(self.rhs, " AND ", " OR ", lambda token, beginning: f'"{token}" *' if beginning else f'"{token}"')
        # Only the name of our own table stands in the text; what was typed is a parameter.
        found = "SELECT rowid FROM vendors_searchindex WHERE vendors_searchindex MATCH %s"
        return f"{self.table(compiler)}.vendor_id IN ({found})", [typed]

    def as_postgresql(self, compiler, connection, **_):
        typed = written(self.rhs, " & ", " | ", lambda token, beginning: f"'{token}':*" if beginning else f"'{token}'")
        return f"{self.table(compiler)}.lexemes @@ %s::tsquery", [typed]


SearchText._meta.get_field("words").register_lookup(Holds)


def any_of(tokens: Tokens) -> Query:
    return ((tuple(tokens),),)


def written(query: Query, both: str, either: str, term: Callable[[str, bool], str]) -> str:
    """A query in the language of one database. Tokens are letters and figures only, so nothing in them has to be escaped."""

    def group(tokens: Tokens) -> str:
        return "(" + either.join(term(token.removesuffix("*"), token.endswith("*")) for token in tokens) + ")"

    return either.join("(" + both.join(map(group, groups)) + ")" for groups in query)


@dataclass(frozen=True)
class Word:
    """One word that was typed, and what it stands for."""

    forms: frozenset[str]  # the word, or those that it is a misspelling of, each with its stem
    beginning: str = ""  # of the last word, which may not be typed to its end
    services: frozenset[int] = frozenset()
    services_begun: frozenset[int] = frozenset()
    countries: frozenset[str] = frozenset()

    @classmethod
    def of(cls, spellings: Iterable[str], names: "Names", *, beginning: str = "") -> "Word":
        bare = cls(frozenset(form for word in spellings for form in (word, stem(word))), beginning)
        services = {key: max(map(bare.hit, found), default=0) for key, found in names.services.items()}
        return cls(
            bare.forms,
            beginning,
            frozenset(key for key, hit in services.items() if hit == 2),
            frozenset(key for key, hit in services.items() if hit == 1),
            frozenset(code for code, found in names.countries.items() if any(map(bare.hit, found))),
        )

    def hit(self, word: str, place: str = MENTION) -> int:
        """2 for the word itself, 1 for its beginning, 0 for another word."""
        if word in self.forms or stem(word) in self.forms:
            return 2
        return int(self.begins(place) and word.startswith(self.beginning))

    def begins(self, place: str) -> bool:
        return len(self.beginning) >= (1 if place in {NAME, ALIAS} else SHORTEST_BEGINNING)

    def itself(self, place: str) -> tuple[str, ...]:
        """The tokens by which a place shows the word itself."""
        if place == SERVICE:
            return tuple(f"{SERVICE}{key}" for key in sorted(self.services))
        tokens = [place + form for form in sorted(self.forms)]
        if place == MENTION:
            tokens += [TYPE + form for form in sorted(self.forms)] + [COUNTRY + code for code in sorted(self.countries)]
        return tuple(tokens)

    def begun(self, place: str) -> tuple[str, ...]:
        """The tokens by which a place shows a word that begins so."""
        if place == SERVICE:
            return tuple(f"{SERVICE}{key}" for key in sorted(self.services_begun))
        return (f"{place}{self.beginning}*",) if self.begins(place) else ()

    def anywhere(self) -> tuple[str, ...]:
        return tuple(token for place in POINTS for token in (*self.itself(place), *self.begun(place)))


@dataclass(frozen=True)
class Names:
    """Names that vendors hold by a key, as words: what a service or a country is called today."""

    services: Mapping[int, list[str]]
    countries: Mapping[str, list[str]]

    @classmethod
    def stored(cls) -> "Names":
        """Two queries."""
        return cls(
            {key: words(name) for key, name in Service.objects.order_by().values_list("pk", "name")},
            {code.lower(): words(name) for code, name in Country.objects.order_by().values_list("code", "name")},
        )


@dataclass(frozen=True)
class Snippet:
    """Where a vendor was found. fact: a key of FACTS. parts: its text in pieces, each with whether it is a word that was typed."""

    fact: str
    parts: list[tuple[str, bool]]

    @property
    def label(self) -> str:
        return FACTS[self.fact]


@dataclass(frozen=True)
class Search:
    """What was typed, ready to be asked. Without words it finds nobody."""

    words: tuple[Word, ...] = ()
    whole: str = ""  # all that was typed, as one word
    corrected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by what was typed, what was searched for instead

    @cached_property
    def query(self) -> Query:
        whole = tuple(f"{place}{self.whole}*" for place in WHOLE_POINTS) if self.whole else ()
        return (tuple(word.anywhere() for word in self.words), *([(whole,)] if whole else []))

    def within(self, vendors: VendorQuerySet) -> VendorQuerySet:
        """Those of `vendors` that were found: every word stands somewhere, or the name is spelled as one word."""
        return vendors.filter(search_text__words__holds=self.query) if self.words else vendors.none()

    def ranked(self, vendors: VendorQuerySet) -> VendorQuerySet:
        """Those that were found, annotated with `relevance`."""
        # Narrowed last, which makes the join with the words an inner one: SQLite then begins with those that were found.
        return self.within(vendors.annotate(relevance=self.relevance))

    @cached_property
    def relevance(self):
        """An expression: the points of a vendor that was found."""
        points = [self._points(word) for word in self.words[:RANKED_WORDS]]
        return reduce(add, [*points, *(self._whole(place) for place in WHOLE_POINTS if self.whole)], Value(0))

    def _whole(self, place: str):
        kinds = zip(("", "*"), WHOLE_POINTS[place], strict=True)
        asked = [When(search_text__words__holds=any_of((f"{place}{self.whole}{end}",)), then=Value(number)) for end, number in kinds]
        return Case(*asked, default=Value(0))

    @staticmethod
    def _points(word: Word):
        kinds = [(word.itself(place), points[0]) for place, points in POINTS.items()]
        kinds += [(word.begun(place), points[1]) for place, points in POINTS.items()]
        kinds = sorted([(tokens, number) for tokens, number in kinds if tokens], key=lambda kind: -kind[1])
        # Who was found has the word somewhere, so the last place need not be asked for.
        return Case(
            *(When(search_text__words__holds=any_of(tokens), then=Value(number)) for tokens, number in kinds[:-1]),
            default=Value(kinds[-1][1]),
        )

    def snippets(self, vendors: Sequence[Vendor]) -> dict[int, list[Snippet]]:
        """By vendor key, where its words stand; not the name, which every list shows. At most four queries."""
        prefetch_related_objects(vendors, "hq_country", "services", "sites__country")
        return {vendor.pk: list(self._snippets(vendor)) for vendor in vendors}

    def _snippets(self, vendor: Vendor) -> Iterator[Snippet]:
        best: dict[Word, tuple[int, str]] = {}
        found: dict[str, list[tuple[int, list[tuple[str, bool]]]]] = {}
        for fact, place, texts in texts_of(vendor):
            for text in texts:
                hits = self._hits(text, place)
                if hits or (place == ALIAS and self.whole and joined(text).startswith(self.whole)):
                    found.setdefault(fact, []).append((-len({word for word, *_ in hits}), marked(text, hits) or [(text, True)]))
                for word, _, _, hit in hits:
                    points = POINTS[place][2 - hit]
                    if points > best.get(word, (0, ""))[0]:
                        best[word] = points, fact
        wanted = {fact for _, fact in best.values()} if best else {"aliases"}
        for fact, pieces in found.items():
            # The summary is on show anyway, so its words are marked wherever else they stand.
            if fact in wanted - {"name", "type"} or fact == "summary":
                # Those with the most words first, else as they stand on the record.
                shown = [text for _, text in sorted(pieces, key=itemgetter(0))[:SHOWN]]
                parts = [part for i, text in enumerate(shown) for part in ([("; ", False)] if i else []) + text]
                yield Snippet(fact, excerpt(parts) if fact == "ai" else parts)

    def _hits(self, text: str, place: str) -> list[tuple[Word, int, int, int]]:
        """The words of the search in a text: which, from where, to where, and how (see `Word.hit`)."""
        return [
            (word, run.start(), run.end(), hit)
            for run in RUN.finditer(text)
            if (token := plain(run[0]))
            for word in self.words
            if (hit := word.hit(token, place))
        ]


SHOWN = 3  # aliases, services or sites that are shown of those that were found
AROUND = 80  # letters shown before and after the first word found in a long text


def texts_of(vendor: Vendor) -> Iterator[tuple[str, str, list[str]]]:
    """What a vendor is found by, as its readers see it: fact, place, texts."""
    yield "name", NAME, [vendor.name]
    yield "aliases", ALIAS, vendor.aliases
    yield "parent", OWNER, [vendor.parent]
    yield "type", MENTION, [vendor.type]
    yield "services", SERVICE, [service.name for service in vendor.services.all()]
    yield "summary", MENTION, [vendor.summary]
    if vendor.hq_country:
        yield "hq", MENTION, [", ".join(filter(None, (vendor.hq_city, vendor.hq_country.name)))]
    yield "sites", MENTION, [f"{site.city}, {site.country.name}" + (f": {site.what}" if site.what else "") for site in vendor.sites.all()]
    yield "ai", MENTION, [vendor.ai_note]


def marked(text: str, hits: Iterable[tuple[Word, int, int, int]]) -> list[tuple[str, bool]]:
    """A text in pieces, the words that were found apart from the rest; nothing of a text without any."""
    parts: list[tuple[str, bool]] = []
    end = 0
    for start, stop in sorted({(start, stop) for _, start, stop, _ in hits}):
        parts += [(text[end:start], False), (text[start:stop], True)]
        end = stop
    return [part for part in [*parts, (text[end:], False)] if part[0]] if parts else []


def excerpt(parts: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """The neighbourhood of the first word that was found."""
    (first, hit), *rest = parts
    if not hit and len(first) > AROUND:
        first = "…" + first[-AROUND:].partition(" ")[2]
    (last, hit) = rest[-1] if rest else ("", True)
    if not hit and len(last) > AROUND:
        rest[-1] = (last[:AROUND].rpartition(" ")[0] + "…", False)
    return [(first, parts[0][1]), *rest]


def read(text: str) -> Search:
    """What was typed, with words that nobody has put right.

    Three queries; for a text that finds nobody, one more a word and those of the names.
    """
    typed = words(text)
    typed = [word for word in typed if word not in PASSING | COMPANY] or typed
    if not 0 < len(typed) <= MOST_WORDS:
        return Search()
    names, published = Names.stored(), Vendor.objects.published()
    whole = joined(text)
    search = Search(tuple(Word.of([word], names, beginning=word if last else "") for word, last in with_last(typed)), whole)
    if search.within(published).exists():
        return search
    corrected = {}
    for word, (spelling, last) in zip(search.words, with_last(typed), strict=True):
        if not Search((word,)).within(published).exists() and (near := nearest_words(spelling, names, beginning=last)):
            corrected[spelling] = near
    if not corrected:
        return search
    whole = joined(" ".join(corrected.get(word, (word,))[0] for word in words(text)))
    right = [
        Word.of(corrected.get(word, (word,)), names, beginning=word if last and word not in corrected else "")
        for word, last in with_last(typed)
    ]
    return Search(tuple(right), whole, corrected)


def with_last(items: Sequence[str]) -> list[tuple[str, bool]]:
    return [(item, place == len(items)) for place, item in enumerate(items, 1)]


def find(text: str) -> list[tuple[int, int]]:
    """Published vendors as (key, points), the best first."""
    ranked = read(text).ranked(Vendor.objects.published())
    return list(ranked.order_by("-relevance", "sort_name", "slug").values_list("pk", "relevance"))


# Misspellings

SHORTEST_CORRECTED = 4  # letters
TWO_MISTAKES = 8  # letters from which a word may have two
MOST_CORRECTIONS = 8

_kept: tuple[str, int, list[str]] | None = None


def known_words(names: Names) -> list[str]:
    """The words of names, former names, places and services, kept until the catalogue changes."""
    global _kept
    number, database = CatalogueVersion.current(), str(connection.settings_dict["NAME"])
    kept = _kept
    if kept is None or kept[:2] != (database, number):
        published = Vendor.objects.published().order_by()
        texts = {*published.values_list("search_names", flat=True), *published.values_list("hq_city", flat=True).distinct()}
        texts |= set(Site.objects.filter(vendor__in=published).order_by().values_list("city", flat=True).distinct())
        found = {word for text in texts for word in words(text)}
        found |= {word for known in (*names.services.values(), *names.countries.values()) for word in known}
        kept = _kept = (database, number, sorted(found))
    return kept[2]


def nearest_words(word: str, names: Names, *, beginning: bool = False) -> tuple[str, ...]:
    """The known words that this may be a misspelling of, or of whose beginning; all that are equally near."""
    if len(word) < SHORTEST_CORRECTED or any(letter.isdigit() for letter in word):
        return ()
    most = 2 if len(word) >= TWO_MISTAKES else 1
    known = known_words(names)
    scorer = DamerauLevenshtein.distance
    near: list[tuple[float, str]] = [
        (distance, right) for right, distance, _ in process.extract(word, known, scorer=scorer, score_cutoff=most, limit=None)
    ]
    if beginning:
        longer = [right for right in known if len(right) > len(word)]
        cut = [right[: len(word)] for right in longer]
        # A whole word counts as nearer than a beginning with as many mistakes.
        found = process.extract(word, cut, scorer=scorer, score_cutoff=most, limit=None)
        near += [(distance + 0.5, longer[place]) for _, distance, place in found]
    nearest = min((distance for distance, _ in near), default=0)
    return tuple(sorted({right for distance, right in near if distance == nearest})[:MOST_CORRECTIONS])
