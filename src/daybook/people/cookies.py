"""What the cookies of a business are called."""


def own_name(name: str, slug: str) -> str:
    """Django's name for a cookie, and the business's: `daybook_session` of `linden` is `daybook_session_linden`."""
    return f"{name}_{slug}"
