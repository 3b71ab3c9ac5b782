from django.urls import path

from vendors import views

app_name = "vendors"

urlpatterns = [
    path("", views.vendor_list, name="list"),
    path("compare/", views.vendor_compare, name="compare"),
    path("compare.csv", views.compare_export, {"form": "csv"}, name="compare-csv"),
    path("compare.xlsx", views.compare_export, {"form": "xlsx"}, name="compare-xlsx"),
    path("export.csv", views.list_export, {"form": "csv"}, name="export-csv"),
    path("export.xlsx", views.list_export, {"form": "xlsx"}, name="export-xlsx"),
    path("landscape/", views.vendor_landscape, name="landscape"),
    path("<slug:slug>/", views.vendor_detail, name="detail"),
    path("<slug:slug>/suggest/", views.vendor_suggest, name="suggest"),
    path("<slug:slug>/suggest/thanks/", views.vendor_suggested, name="suggested"),
]
