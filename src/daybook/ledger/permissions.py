"""Who may see whose balance."""

from daybook.core.errors import NotFound, NotPermitted
from daybook.people.models import User
from daybook.people.permissions import HIDE_COSTS, MANAGE_ACCOUNTING, access_user, hides_costs
from daybook.tenancy.actor import Actor

PAYERS = (User.Role.CLIENT, User.Role.AGENT)


def access_payer(actor: Actor, user_id: object) -> User:
    """A client or an agent whose account the actor may read: the team with accounting all, others their own and their clients'.

    Raises NotFound for nobody that the actor knows, NotPermitted where costs are hidden from the actor.
    """
    user = access_user(actor, user_id, through=MANAGE_ACCOUNTING)
    if user.role not in PAYERS:
        raise NotFound(what="client")
    if actor.is_team or actor.role == "practitioner":
        actor.require(MANAGE_ACCOUNTING)
    elif hides_costs(actor):
        raise NotPermitted(permission=HIDE_COSTS)
    return user
