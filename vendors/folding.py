"""Text as it is compared: the same on every database, whatever its collation or accents."""

import unicodedata

from django.db import models


def fold(text: str) -> str:
    """Lower case, without accents, with single spaces: `"Zürich  AG"` becomes `"zurich ag"`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


class FoldedField(models.TextField):
    """A column that follows another attribute of its record, folded; written with every save, edited by nobody.

    source: name of the attribute or method without arguments that gives the text.
    """

    def __init__(self, source: str, **options):
        self.source = source
        super().__init__(**{**options, "editable": False, "default": ""})

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "source": self.source}

    def pre_save(self, instance, add):
        value = getattr(instance, self.source)
        folded = fold(value() if callable(value) else value)
        setattr(instance, self.attname, folded)
        return folded
