"""A vendor as search engines read it: a schema.org Organization. What is not on record is left out, nothing is put in its place."""

from typing import Any

from vendors.models import Site, Source, Vendor


def organization(vendor: Vendor, page: str) -> dict[str, Any]:
    """The record as JSON-LD. Reads what `for_page()` fetched.

    page: the absolute address of the vendor's page.
    """
    found = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": f"{page}#organization",
        "name": vendor.name,
        "alternateName": vendor.aliases,
        "description": vendor.summary,
        "url": vendor.website,
        "foundingDate": vendor.founded and str(vendor.founded),
        "numberOfEmployees": vendor.employees
        and {
            "@type": "QuantitativeValue",
            "value": vendor.employees,
            "description": f"about {vendor.employees} in {vendor.employees_year}",
        },
        "address": vendor.hq_country_id and address(vendor.hq_city, vendor.hq_country_id),
        "location": [place(site) for site in vendor.sites.all()],
        "parentOrganization": vendor.parent and {"@type": "Organization", "name": vendor.parent},
        "subjectOf": [web_page(source) for source in vendor.sources.all()],
        "mainEntityOfPage": {"@type": "WebPage", "@id": page, "lastReviewed": vendor.verified_on and vendor.verified_on.isoformat()},
    }
    return said(found)


def said(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {name: value for name, value in values.items() if value}


def address(city: str, country: str) -> dict[str, Any]:
    return said({"@type": "PostalAddress", "addressLocality": city, "addressCountry": country})


def place(site: Site) -> dict[str, Any]:
    return said({"@type": "Place", "address": address(site.city, site.country_id), "description": site.what})


def web_page(source: Source) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": source.publisher}
    return said({"@type": "WebPage", "url": source.url, "name": source.title, "publisher": publisher, "datePublished": source.published})
