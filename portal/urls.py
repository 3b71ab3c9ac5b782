from django.contrib import admin
from django.urls import include, path

from portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("vendors/", include("vendors.urls")),
    path("", include("advisor.urls")),
    path("admin/", admin.site.urls),
    path("healthz", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
]

handler400 = "portal.views.bad_request"
