"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class SmallArgon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane: the strength that OWASP asks for at the least.

    Django's own choice takes 100 MiB and eight lanes for each sign-in, which on a small machine is the web server's
    whole memory several times over when a few people sign in at once.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
