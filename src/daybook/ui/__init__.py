"""The design system: tokens, parts, frames, form fields, formats of money and time, and the sentence of every refusal.

Words: a *fragment* is a page without its frame, for a swap; a *part* is a piece of markup with one look; a *hue* is
one of twelve named colours. Knows `core` only.
"""
