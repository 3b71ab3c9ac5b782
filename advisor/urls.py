from django.urls import path

from advisor import views

app_name = "advisor"

urlpatterns = [
    path("guide/", views.guide_page, name="guide"),
    path("programs/new/", views.new_program, name="new"),
    path("guide/method/", views.method_page, name="method"),
    path("programs/compare/", views.compare, name="compare"),
    path("programs/<str:token>/", views.program, name="program"),
    path("programs/<str:token>/keep/", views.keep_variant, name="keep"),
]
