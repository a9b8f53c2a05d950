"""Every refusal that this room can give."""

from daybook.core.errors import DomainError


class UsernameTaken(DomainError):
    """Another person of the business has that user name."""

    code = "username_taken"


class LastAdministrator(DomainError):
    """The verb would leave the business without an active administrator."""

    code = "last_administrator"


class AdministratorsHaveAll(DomainError):
    """A permission of an administrator cannot be switched: administrators have them all."""

    code = "administrators_have_all"


class OnlyClientsAreProspects(DomainError):
    """A person who is no client cannot be a prospect."""

    code = "only_clients_are_prospects"
    status = 422


class HasHistory(DomainError):
    """A person cannot be deleted: `sessions`, `payments`, `invoices`, `wages`, `clients` count what stands against it."""

    code = "has_history"


class ClientNotActive(DomainError):
    """A client that is inactive or a prospect cannot be added to sessions, pay, sign in or be welcomed."""

    code = "client_not_active"


class NotAssigned(DomainError):
    """The client is not assigned to the practitioner who acts."""

    code = "not_assigned"


class SignInRefused(DomainError):
    """Name and password do not belong together; which of the two is wrong is not said."""

    code = "sign_in_refused"
    status = 422


class LoginNotActive(DomainError):
    """The password is right, but the person's status does not let it sign in."""

    code = "login_not_active"
    status = 403


class TooManyAttempts(DomainError):
    """Too many failed sign-ins of this name or from this address; `minutes` until the next try."""

    code = "too_many_attempts"
    status = 429


class WrongPassword(DomainError):
    """The current password, asked before changing it, is not right."""

    code = "wrong_password"
    status = 422


class BadCode(DomainError):
    """The code is neither the app's of now, unused, nor a recovery code that is left."""

    code = "bad_code"
    status = 422


class SecondFactorSet(DomainError):
    """The person has an app already; it is removed before another is set up."""

    code = "second_factor_set"


class ConfirmFirst(DomainError):
    """Whoever is signed in shows a second factor again before adding another one."""

    code = "confirm_first"


class BadPasskey(DomainError):
    """The passkey is none of this person's, or its answer does not fit the site, the question, or the time for it."""

    code = "bad_passkey"
    status = 422


class PasskeyCopied(DomainError):
    """A passkey's count of signatures went back: somewhere is a copy of it. It is not taken any more."""

    code = "passkey_copied"
    status = 422


class PasskeyKnown(DomainError):
    """That passkey is kept already."""

    code = "passkey_known"


class PasskeysNotHere(DomainError):
    """Browsers use no passkeys at such an address: `obstacle` is `not_secure`, or `number` for one without a name."""

    code = "passkeys_not_here"
    status = 422


class TooManyPasskeys(DomainError):
    """A person has `most` passkeys already."""

    code = "too_many_passkeys"


class SlugTaken(DomainError):
    """Another business of the installation has that web address."""

    code = "slug_taken"
