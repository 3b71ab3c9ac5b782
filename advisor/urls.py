from django.urls import path

from advisor.views import documents, ending, guide, history, intake, mine, program, sharing, shortlist, unstored

app_name = "advisor"

urlpatterns = [
    path("guide/", guide.guide_page, name="guide"),
    path("guide/method/", guide.method_page, name="method"),
    path("programs/", mine.programs, name="programs"),
    path("programs/new/", intake.new_program, name="new"),
    path("programs/try/", unstored.unstored, name="try"),
    path("programs/compare/", program.compare, name="compare"),
    path("programs/shortlist/add/", shortlist.add, name="shortlist-add"),
    path("programs/<str:token>/", program.program, name="program"),
    path("programs/<str:token>/keep/", program.keep_variant, name="keep"),
    path("programs/<str:token>/edit/", intake.edit_program, name="edit"),
    path("programs/<str:token>/versions/", history.versions_page, name="versions"),
    path("programs/<str:token>/versions/compare/", history.compare_versions, name="versions-compare"),
    path("programs/<str:token>/versions/<int:number>/", history.version, name="version"),
    path("programs/<str:token>/versions/<int:number>/today/", history.version_today, name="version-today"),
    path("programs/<str:token>/shortlist/", shortlist.page, name="shortlist"),
    path("programs/<str:token>/shortlist/<int:pk>/", shortlist.change, name="shortlist-change"),
    path("programs/<str:token>/sharing/", sharing.sharing, name="sharing"),
    path("programs/<str:token>/sharing/link/", sharing.link, name="link"),
    path("programs/<str:token>/sharing/members/", sharing.add_member, name="add-member"),
    path("programs/<str:token>/sharing/members/<int:pk>/", sharing.change_member, name="change-member"),
    path("programs/<str:token>/claim/", sharing.claim, name="claim"),
    path("programs/<str:token>/leave/", sharing.leave, name="leave"),
    path("programs/<str:token>/last-day/", ending.last_day, name="last-day"),
    path("programs/<str:token>/export/", ending.export, name="export"),
    path("programs/<str:token>/delete/", ending.delete, name="delete"),
    path("programs/<str:token>/documents/", documents.documents, name="documents"),
    path("programs/<str:token>/documents/<slug:kind>.<slug:form>", documents.document, name="document"),
    path("programs/<str:token>/documents/record/", documents.record_draft, name="record-draft"),
    path("programs/<str:token>/documents/record/discard/", documents.record_discard, name="record-discard"),
    path("programs/<str:token>/documents/records/<int:number>.<slug:form>", documents.record_file, name="record-file"),
    path("programs/<str:token>/documents/records/<int:number>/correct/", documents.record_correct, name="record-correct"),
    path("programs/<str:token>/documents/responsibilities/", documents.responsibilities, name="responsibilities"),
    path("programs/<str:token>/documents/answers/", documents.vendor_answers, name="vendor-answers"),
    path("programs/<str:token>/documents/answers/<slug:vendor>/forget/", documents.forget_answers, name="forget-answers"),
]
