"""The curators' desk: pages of the admin beside the vendor's own form. Each module is one kind of work and registers its pages."""

from vendors.desk import bulk, duplicates, imports, sources, suggestions

__all__ = ["bulk", "duplicates", "imports", "sources", "suggestions"]
