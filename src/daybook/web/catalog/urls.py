from django.urls import path

from daybook.web.catalog import locations, rates, services

urlpatterns = [
    path("settings/services/", services.listing, name="services"),
    path("settings/services/export.csv", services.export, name="services_export"),
    path("settings/services/new/", services.add, name="service_add"),
    path("settings/services/<uuid:service_id>/", services.edit, name="service"),
    path("settings/services/<uuid:service_id>/delete/", services.delete, name="service_delete"),
    path("settings/services/<uuid:service_id>/recover/", services.recover, name="service_recover"),
    path("settings/locations/", locations.listing, name="locations"),
    path("settings/locations/export.csv", locations.export, name="locations_export"),
    path("settings/locations/new/", locations.add, name="location_add"),
    path("settings/locations/<uuid:location_id>/", locations.edit, name="location"),
    path("settings/locations/<uuid:location_id>/delete/", locations.delete, name="location_delete"),
    path("settings/locations/<uuid:location_id>/recover/", locations.recover, name="location_recover"),
    path("accounting/custom-rates/", rates.choose_client, name="custom_rates"),
    path("accounting/custom-rates/<uuid:person_id>/", rates.of_client, name="client_rates"),
    path("accounting/custom-rates/<uuid:person_id>/<uuid:service_id>/", rates.set_client, name="client_rate_set"),
    path("accounting/custom-rates/rate/<uuid:rate_id>/delete/", rates.delete_client, name="client_rate_delete"),
    path("accounting/custom-rates/rate/<uuid:rate_id>/recover/", rates.recover_client, name="client_rate_recover"),
    path("accounting/wage-rates/<uuid:person_id>/", rates.of_practitioner, name="wage_rates"),
    path("accounting/wage-rates/<uuid:person_id>/<uuid:service_id>/", rates.set_practitioner, name="wage_rate_set"),
    path("accounting/wage-rates/rate/<uuid:rate_id>/delete/", rates.delete_wage, name="wage_rate_delete"),
    path("accounting/wage-rates/rate/<uuid:rate_id>/recover/", rates.recover_wage, name="wage_rate_recover"),
]
