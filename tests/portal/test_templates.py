"""Every template keeps the content security policy: no style and no script inside a page. The stylesheet has no rule to spare."""

import re

from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))


def test_no_template_carries_style_or_script():
    broken = [
        f"{file.relative_to(settings.BASE_DIR)}: {found[0]}"
        for file in TEMPLATES
        for found in re.finditer(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", file.read_text(encoding="utf-8"))
    ]
    assert broken == []
    assert len(TEMPLATES) > 20


# Composed in a template out of a value, so that no template holds the whole word.
COMPOSED = {"row-cover", "success", "warning", "error"}


def test_every_class_of_the_stylesheet_is_used():
    sheet = re.sub(r"/\*.*?\*/", "", (settings.BASE_DIR / "static/css/crossmatch.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    named = set(re.findall(r"\.([a-z][\w-]*)", sheet))
    used = set(COMPOSED)
    for file in TEMPLATES:
        for value in re.findall(r'class="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\})*)"', file.read_text(encoding="utf-8")):
            used.update(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", value).split())
    # cro, cmo and cdmo are the types in small letters.
    assert sorted(named - used - {"cro", "cmo", "cdmo"}) == []
    assert len(named) > 50
