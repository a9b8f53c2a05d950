from django.urls import path

from daybook.web.imports import files, listing, preparing, running

urlpatterns = [
    path("settings/import/", listing.imports, name="imports"),
    path("settings/import/upload/", listing.upload, name="import_upload"),
    path("settings/import/layouts/<slug:layout>.csv", files.template, name="import_template"),
    path("settings/import/presets/<uuid:preset_id>/delete/", preparing.forget_preset, name="import_preset_delete"),
    path("settings/import/<uuid:import_id>/", preparing.one, name="import"),
    path("settings/import/<uuid:import_id>/options/", preparing.options, name="import_options"),
    path("settings/import/<uuid:import_id>/preset/", preparing.keep_preset, name="import_preset"),
    path("settings/import/<uuid:import_id>/run/", running.run, name="import_run"),
    path("settings/import/<uuid:import_id>/progress/", running.progress, name="import_progress"),
    path("settings/import/<uuid:import_id>/undo/", running.undo, name="import_undo"),
    path("settings/import/<uuid:import_id>/discard/", running.discard, name="import_discard"),
    path("settings/import/<uuid:import_id>/problems.csv", files.problems, name="import_problems"),
]
