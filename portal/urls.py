from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path
from django.views.decorators.http import require_safe

from portal import views
from portal.sitemaps import SITEMAPS

urlpatterns = [
    path("", views.home, name="home"),
    path("vendors/", include("vendors.urls")),
    path("", include("advisor.urls")),
    path("account/", include("portal.accounts.urls")),
    path("admin/", admin.site.urls),
    path("healthz", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", require_safe(sitemap_views.index), {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap-section"}, name="sitemap"),
    path("sitemap-<slug:section>.xml", require_safe(sitemap_views.sitemap), {"sitemaps": SITEMAPS}, name="sitemap-section"),
]

handler400 = "portal.views.bad_request"
