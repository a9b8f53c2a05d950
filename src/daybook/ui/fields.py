"""A form's field with its label above, help below, and what is wrong beside it in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms import BoundField, CheckboxInput, RadioSelect
from django.forms.widgets import CheckboxSelectMultiple
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

GROUPS = (RadioSelect, CheckboxSelectMultiple)


def render(bound: BoundField, options: Mapping[str, Any], alert: SafeString) -> SafeString:
    """One field. Hidden ones are their input alone."""
    if bound.is_hidden:
        return bound.as_widget()
    widget = bound.field.widget
    help_text = options.get("help", bound.help_text)
    help_id, error_id = f"{bound.auto_id}-help", f"{bound.auto_id}-error"
    errors = bound.errors
    described = " ".join([help_id] * bool(help_text) + [error_id] * bool(errors))
    attrs: dict[str, Any] = {}
    if described:
        attrs["aria-describedby"] = described
    if errors:
        attrs["aria-invalid"] = "true"
    for name in ("placeholder", "autofocus", "autocomplete", "inputmode"):
        if options.get(name):
            attrs[name] = options[name]
    grouped = isinstance(widget, GROUPS) or getattr(widget, "is_group", False)
    label = options.get("label", bound.label)
    mark = _mark(bound)
    help_part = format_html('<div class="field-help" id="{}">{}</div>', help_id, help_text) if help_text else ""
    error_part = _errors(error_id, errors, alert)
    classes = options.get("classes", "")
    if isinstance(widget, CheckboxInput):
        return format_html(
            '<div class="field field-check {}">{}<label for="{}">{}</label>{}{}</div>',
            classes, bound.as_widget(attrs=attrs), bound.id_for_label, label, help_part, error_part,
        )  # fmt: skip
    if grouped:
        return format_html(
            '<fieldset class="field {}"{}><legend>{}{}</legend>{}{}{}</fieldset>',
            classes, format_html(' aria-describedby="{}"', described) if described else "", label, mark,
            _choices(bound, attrs), help_part, error_part,
        )  # fmt: skip
    return format_html(
        '<div class="field {}"><label for="{}">{}{}</label>{}{}{}</div>',
        classes, bound.id_for_label, label, mark, bound.as_widget(attrs=attrs), help_part, error_part,
    )  # fmt: skip


def _choices(bound: BoundField, attrs: Mapping[str, Any]) -> SafeString:
    """The inputs of a group. Help and errors describe the group as a whole, not each of its inputs."""
    inputs = bound.as_widget(attrs={key: value for key, value in attrs.items() if key != "aria-describedby"})
    if isinstance(bound.field.widget, GROUPS):
        return format_html('<div class="choices">{}</div>', inputs)
    return inputs


def _mark(bound: BoundField) -> SafeString:
    if bound.field.required or getattr(bound.form, "hide_optional", False):
        return mark_safe("")
    return format_html(' <span class="field-optional">{}</span>', gettext("optional"))


def _errors(error_id: str, errors: Iterable[Any], alert: SafeString) -> SafeString:
    if not errors:
        return mark_safe("")
    return format_html(
        '<div class="field-error" id="{}">{}<span>{}</span></div>',
        error_id,
        alert,
        format_html_join(mark_safe("<br>"), "{}", ((error,) for error in errors)),
    )


def summary(form: Any, alert: SafeString) -> SafeString | str:
    """Above the form: its own errors, and links to the fields at fault when there are several."""
    own = form.non_field_errors()
    faulty = [bound for bound in form if bound.errors and not bound.is_hidden]
    hidden = [error for bound in form.hidden_fields() for error in bound.errors]
    if not own and not hidden and len(faulty) < 2:
        return ""
    lines = format_html_join("", "<p>{}</p>", ((error,) for error in [*own, *hidden]))
    links = (
        format_html(
            "<p>{} {}</p>",
            gettext("Please look at:"),
            format_html_join(
                ", ", '<a href="#{}">{}</a>', ((bound.id_for_label or bound.auto_id, bound.label) for bound in faulty)
            ),
        )
        if len(faulty) > 1
        else ""
    )
    return format_html(
        '<div class="note-block note-bad" role="alert" tabindex="-1" data-form-errors>{}<div>{}{}</div></div>',
        alert,
        lines,
        links,
    )
