"""Every template keeps the content security policy: no style and no script inside a page."""

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
