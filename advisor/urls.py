from django.urls import path

from advisor.views import guide, intake, program

app_name = "advisor"

urlpatterns = [
    path("guide/", guide.guide_page, name="guide"),
    path("programs/new/", intake.new_program, name="new"),
    path("guide/method/", guide.method_page, name="method"),
    path("programs/compare/", program.compare, name="compare"),
    path("programs/<str:token>/", program.program, name="program"),
    path("programs/<str:token>/keep/", program.keep_variant, name="keep"),
]
