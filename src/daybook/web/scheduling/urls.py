from django.urls import path

from daybook.web.scheduling.views import (
    calendar,
    choices,
    closures,
    completion_types,
    deeds,
    deleted,
    forms,
    record,
    sessions,
)

urlpatterns = [
    path("calendar/", calendar.page, name="calendar"),
    path("calendar/feed/", calendar.feed, name="calendar_feed"),
    path("sessions/", sessions.listing, name="sessions"),
    *(
        path(f"sessions/choose/{what}/", sessions.choose, {"what": what}, name=f"sessions_choose_{what}")
        for what in sessions.CHOICES
    ),
    path("sessions/export.csv", sessions.export, name="sessions_export"),
    path("sessions/bulk/", sessions.bulk, name="sessions_bulk"),
    path("sessions/recover/", sessions.recover_several, name="sessions_recover"),
    path("sessions/clients/", choices.clients, name="session_clients"),
    path("sessions/add/", forms.add, name="session_add"),
    path("sessions/preview/", forms.preview, name="session_preview"),
    path("sessions/<uuid:session_id>/", record.page, name="session"),
    path("sessions/<uuid:session_id>/popup/", record.popup, name="session_popup"),
    path("sessions/<uuid:session_id>/explain/", record.explain, name="session_explain"),
    path("sessions/<uuid:session_id>/edit/", forms.edit, name="session_edit"),
    path("sessions/<uuid:session_id>/complete/", forms.complete, name="session_complete"),
    path("sessions/<uuid:session_id>/save/", deeds.save, name="session_save"),
    path("sessions/<uuid:session_id>/reopen/", deeds.reopen, name="session_reopen"),
    path("sessions/<uuid:session_id>/delete/", deeds.delete, name="session_delete"),
    path("sessions/<uuid:session_id>/recover/", deeds.recover, name="session_recover"),
    path("sessions/<uuid:session_id>/move/", deeds.move, name="session_move"),
    path("sessions/<uuid:session_id>/clash/", deeds.clash, name="session_clash"),
    path("communications/deleted-sessions/", deleted.page, name="deleted_sessions"),
    path("communications/deleted-sessions/recover/", deleted.recover, name="deleted_sessions_recover"),
    path("settings/completion-types/", completion_types.listing, name="completion_types"),
    path("settings/completion-types/add/", completion_types.add, name="completion_type_add"),
    path("settings/completion-types/<uuid:type_id>/", completion_types.edit, name="completion_type"),
    path("settings/completion-types/<uuid:type_id>/switch/", completion_types.switch, name="completion_type_switch"),
    path("settings/completion-types/<uuid:type_id>/delete/", completion_types.delete, name="completion_type_delete"),
    path("settings/completion-types/<uuid:type_id>/recover/", completion_types.recover, name="completion_type_recover"),
    path("settings/closures/", closures.listing, name="closures"),
    path("settings/closures/add/", closures.add, name="closure_add"),
    path("settings/closures/<uuid:closure_id>/", closures.edit, name="closure"),
    path("settings/closures/<uuid:closure_id>/delete/", closures.delete, name="closure_delete"),
    path("settings/closures/<uuid:closure_id>/recover/", closures.recover, name="closure_recover"),
]
