"""What a business may not change about itself."""

from daybook.core.errors import DomainError


class CurrencyLocked(DomainError):
    """Amounts are kept in the currency already (`currency`), so it can no longer be another."""

    code = "currency_locked"


class ImageRefused(DomainError):
    """The file is no picture that can be taken: `data["why"]` is `type` (or cut off) or `size`."""

    code = "image_refused"
    status = 422
