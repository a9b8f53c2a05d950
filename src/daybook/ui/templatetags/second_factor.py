"""What the pages of two-step sign-in show and no other page does."""

from urllib.parse import quote

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def qr(text: str, title: str) -> SafeString:
    """A QR code as SVG, dark on white in every theme, as cameras want it; `title` is read to who cannot see it."""
    import segno  # here: of all pages one needs it

    code = segno.make(text, error="m", micro=False)
    picture = code.svg_inline(border=3, dark="#000", light="#fff", title=title, omitsize=True, lineclass=None)
    return mark_safe(picture.replace("<svg ", '<svg role="img" ', 1))


@register.filter
def in_fours(text: str) -> str:
    """A long key in groups, to be read and typed: `GEZD GNBV GY3T`."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


@register.filter
def text_address(lines: list[str]) -> str:
    """Lines as the address of a text file that the page itself holds, for a link with `download`."""
    return "data:text/plain;charset=utf-8," + quote("".join(f"{line}\r\n" for line in lines))
