from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from vendors import exports, landscape, snapshot
from vendors.catalogue import nearest
from vendors.compare import Asked
from vendors.filters import VendorFilter
from vendors.listing import Listing, readable
from vendors.models import AI_LEVEL_MEANINGS, TYPE_NAMES, AILevel, FormerVendorSlug, Site, Vendor
from vendors.suggestions import SuggestionForm

PER_PAGE = 25


@require_safe
def vendor_list(request):
    """The catalogue, or the list alone when script asks for it; 422 when the address can't be read, 404 for a page after the last one.

    An address with a slug that was renamed leads to the same list under the slug of today.
    """
    catalogue, today = snapshot.current(), timezone.localdate()
    published = Vendor.objects.published().for_list()
    listing = Listing(VendorFilter(request.GET, published, catalogue=catalogue, today=today), catalogue)
    if not listing.is_readable and (query := listing.renamed()):
        return redirect(f"{request.path}?{query}")
    vendors = listing.vendors() if listing.is_readable else published.none()
    pages = Paginator(vendors, PER_PAGE)
    past_the_end = listing.is_readable and listing.page > pages.num_pages
    page = pages.get_page(listing.page)
    listing.show_words(list(page))
    context = {
        "listing": listing,
        "page": page,
        "past_the_end": past_the_end,
        "said": listing.said(pages.count, pages.num_pages),
        "stages": catalogue.vocabulary.stages.values(),
        "today": today,
    }
    status = 422 if not listing.is_readable else 404 if past_the_end else 200
    template = "vendors/_list_part.html" if wants_part(request) else "vendors/list.html"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, PART_HEADERS)
    if status == 200:
        # What the address bar then says: without the empty fields that a form sends along.
        response.headers["HX-Push-Url"] = listing.address(page.number)
    return response


# Script that wants a part of a page says so in the first of these.
PART_HEADERS = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")


def wants_part(request) -> bool:
    """Whether script asks for the list alone; a boosted link and the way back in history get the whole page."""
    asked, *whole = (header in request.headers for header in PART_HEADERS)
    return asked and not any(whole)


@require_safe
def vendor_detail(request, slug):
    """All that is known about one vendor. Drafts are not there for readers.

    A former address leads to the address of today, an archived record to its successor, or says what happened with 410.
    """
    vendor = Vendor.objects.for_page().prefetch_related("services__group", "former_facts").filter(slug=slug).first()
    if vendor is None:
        former = get_object_or_404(FormerVendorSlug.objects.exclude(vendor__status=Vendor.Status.DRAFT).select_related("vendor"), old=slug)
        return redirect(former.vendor, permanent=True)
    if vendor.status == Vendor.Status.PUBLISHED:
        return vendor_page(request, vendor, snapshot.current().vocabulary.stages.values())
    if vendor.status == Vendor.Status.DRAFT:
        raise Http404
    if successor := vendor.last_successor():
        return redirect(successor, permanent=True)
    return render(request, "vendors/archived.html", {"vendor": vendor, "why": vendor.archived_by()}, status=410)


def vendor_page(request, vendor, stages, *, preview=False):
    """The page of one vendor as readers see it. stages: of the vocabulary, in their order. preview: of a record that is not published."""
    context = {
        "vendor": vendor,
        "type_name": TYPE_NAMES[vendor.type],
        "ai_meaning": AI_LEVEL_MEANINGS[vendor.ai_level],
        "ai_ladder": [(level, AILevel(level).label, AI_LEVEL_MEANINGS[level]) for level in AILevel.values],
        "stages": stages,
        "is_stale": vendor.is_stale(timezone.localdate()),
        "family": Vendor.objects.published().filter(family_of(vendor)).exclude(pk=vendor.pk),
        "preview": preview,
    }
    return render(request, "vendors/detail.html", context)


def family_of(vendor: Vendor) -> Q:
    """The owner if it has a record itself, what the vendor owns, and the vendors of the same owner."""
    family = Q(parent=vendor.name)
    return family | Q(parent=vendor.parent) | Q(name=vendor.parent) if vendor.parent else family


@require_http_methods(["GET", "HEAD", "POST"])
def vendor_suggest(request, slug):
    """A reader says what is wrong on a record; 422 when something is missing. It waits for a curator and changes nothing."""
    vendor = get_object_or_404(Vendor.objects.published(), slug=slug)
    form = SuggestionForm(request.POST or None, initial={"fact": request.GET.get("fact")})
    if request.method == "POST" and form.is_from_a_program:
        return redirect("vendors:suggested", slug)  # as if it had been kept, so that nothing is learned from it
    if request.method == "POST" and form.is_valid():
        form.instance.vendor = vendor
        form.save()
        return redirect("vendors:suggested", slug)
    status = 422 if request.method == "POST" else 200
    return render(request, "vendors/suggest.html", {"vendor": vendor, "form": form}, status=status)


@require_safe
def vendor_suggested(request, slug):
    vendor = get_object_or_404(Vendor.objects.published(), slug=slug)
    return render(request, "vendors/suggested.html", {"vendor": vendor})


@require_safe
def vendor_compare(request):
    """Up to five vendors side by side; 422 when the address names something that is no vendor, or too many."""
    catalogue = snapshot.current()
    asked = Asked(request.GET, catalogue)
    if not asked.is_readable:
        return render(request, "vendors/compare.html", {"asked": asked}, status=422)
    if asked.typed:
        return redirect(f"{request.path}?{asked.query}")
    context = {
        "asked": asked,
        "comparison": asked.comparison(timezone.localdate()),
        "stages": catalogue.vocabulary.stages.values(),
    }
    return render(request, "vendors/compare.html", context)


@require_safe
def compare_export(request, form):
    """The same comparison as a file; an address without vendors, or one that can't be read, gets the page that says so."""
    catalogue = snapshot.current()
    asked = Asked(request.GET, catalogue)
    if not asked.is_readable or not asked.vendors:
        return render(request, "vendors/compare.html", {"asked": asked}, status=422)
    page = request.build_absolute_uri(f"{reverse('vendors:compare')}?{asked.query}")
    about = exports.origin(catalogue, timezone.localdate(), page)
    sheets = exports.comparison_sheets(asked.comparison(timezone.localdate()), catalogue.vocabulary, about)
    return download(sheets, f"crossmatch-comparison-{catalogue.version}", form)


@require_safe
def list_export(request, form):
    """The whole filtered list as a file, whatever page is asked for.

    An address that can't be read gets the list's page, never a wider file.
    """
    catalogue = snapshot.current()
    today = timezone.localdate()
    listing = Listing(VendorFilter(request.GET, Vendor.objects.published(), catalogue=catalogue, today=today), catalogue)
    if not listing.is_readable and (query := listing.renamed()):
        return redirect(f"{request.path}?{query}")
    if not listing.is_readable:
        return render(request, "vendors/list.html", {"listing": listing}, status=422)
    slugs = list(listing.filters.qs.values_list("slug", flat=True))
    if form == "xlsx" and len(slugs) > exports.XLSX_MOST:
        context = {"listing": listing, "vendors": len(slugs), "most": exports.XLSX_MOST}
        return render(request, "vendors/too_long.html", context, status=422)
    page = request.build_absolute_uri(f"{reverse('vendors:list')}?{listing.query}")
    chips = [f"{chip.filter}: {chip.label}" if chip.filter else chip.label for chip in listing.chips()] or ["none"]
    filters = [("Filter", words) for words in chips]
    about = exports.origin(catalogue, today, page, *filters, ("Vendors", len(slugs)))
    return download(exports.list_sheets(slugs, catalogue, about), f"crossmatch-vendors-{catalogue.version}", form)


def download(sheets, name, form):
    """A response that a browser saves under the name; robots leave it alone."""
    if form == "csv":
        response = StreamingHttpResponse(exports.as_csv(sheets), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.csv")
    else:
        response = FileResponse(exports.as_xlsx(sheets), as_attachment=True, filename=f"{name}.xlsx")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def vendor_landscape(request):
    """Service groups against stages or therapeutic areas, and countries by region; 422 for another crossing. Two queries."""
    catalogue = snapshot.current()
    asked = request.GET.get("by") or "stages"
    by = asked if asked in landscape.CROSSINGS else "stages"
    on_record = Site.objects.filter(vendor__status=Vendor.Status.PUBLISHED).order_by().values_list("country")
    context = {
        "by": by,
        "by_name": landscape.CROSSINGS[by],
        "crossings": landscape.CROSSINGS.items(),
        "unreadable": readable(asked) if by != asked else "",
        "nearest": nearest(asked, landscape.CROSSINGS),
        "lanes": landscape.lanes(catalogue),
        "lines": list(landscape.lines(catalogue, by)),
        "regions": landscape.regions(catalogue, dict(on_record.annotate(number=Count("pk")))),
        "vendors": len(catalogue),
        "types": TYPE_NAMES.items(),
    }
    return render(request, "vendors/landscape.html", context, status=422 if by != asked else 200)
