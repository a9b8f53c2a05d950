from daybook.web.people.forms.entry import (
    FindForm,
    NewPasswordForm,
    OwnPasswordForm,
    PasswordLinkForm,
    SignInForm,
    SignUpForm,
    TokenForm,
)
from daybook.web.people.forms.person import AccountForm, AvailabilityForm, PersonForm, PickForm

__all__ = [
    "AccountForm",
    "AvailabilityForm",
    "FindForm",
    "NewPasswordForm",
    "OwnPasswordForm",
    "PasswordLinkForm",
    "PersonForm",
    "PickForm",
    "SignInForm",
    "SignUpForm",
    "TokenForm",
]
