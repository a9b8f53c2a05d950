from daybook.web.people.forms.entry import FindForm, SignInForm, SignUpForm

__all__ = ["FindForm", "SignInForm", "SignUpForm"]
