from django.urls import path

from daybook.web.insights import dashboard, reports

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<slug:name>/", reports.report, name="report"),
]
