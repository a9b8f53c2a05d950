"""What a command says when it cannot do its work."""


class CommandProblem(Exception):
    """A mistake or a state that the person at the shell can mend. The text is one sentence that says how."""

    exit_code = 1
