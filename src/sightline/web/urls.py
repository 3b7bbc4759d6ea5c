"""Every address of the web application."""

from django.urls import URLPattern, URLResolver, path

from sightline.web.views import audit, entrance, front, listing, measure, reference, reports, scorecard

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.home, name="home"),
    path("health", entrance.health, name="health"),
    path("sign-in", entrance.enter, name="sign-in"),
    path("sign-out", entrance.leave, name="sign-out"),
    path("scorecard", scorecard.scorecards, name="scorecards"),
    path("scorecard/<slug:chapter>", scorecard.scorecard, name="scorecard"),
    path("measures/<str:id>", measure.measure_page, name="measure"),
    path("measures/<str:id>/csv", measure.measure_file, {"kind": "csv"}, name="measure-csv"),
    path("measures/<str:id>/json", measure.measure_file, {"kind": "json"}, name="measure-json"),
    path("measures/<str:id>/list", listing.list_page, name="list"),
    path("measures/<str:id>/list/csv", listing.list_file, name="list-csv"),
    path("reports", reports.reports, name="reports"),
    path("reports/<str:year>", reports.report, name="report"),
    path("reports/<str:year>/chapters/<str:chapter>", reports.report_chapter, name="report-chapter"),
    path("reports/<str:year>/files/<str:name>", reports.report_file, name="report-file"),
    path("coverage", reference.coverage, name="coverage"),
    path("reference", reference.reference, name="reference"),
    path("reference/dictionary", reference.dictionary, name="dictionary"),
    path("reference/dictionary/<str:table>", reference.dictionary_table, name="dictionary-table"),
    path("reference/clocks", reference.clock_list, name="clocks"),
    path("reference/measures", reference.measure_list, name="measures"),
    path("reference/facts", reference.fact_list, name="facts"),
    path("reference/codes", reference.code_list, name="codes"),
    path("reference/codes/<str:name>", reference.code_set, name="code-set"),
    path("reference/roles", reference.role_list, name="roles"),
    path("audit", audit.audit, name="audit"),
]

handler403 = "sightline.web.views.errors.forbidden"
handler404 = "sightline.web.views.errors.not_found"
handler500 = "sightline.web.views.errors.broken"
