"""The money routes, in the order of the document."""

from daybook.api.frame import Router
from daybook.api.v1.money import balances, invoices, payments, reports, wages

router = Router()
router.add_router("", balances.router)
router.add_router("", payments.router)
router.add_router("", invoices.router)
router.add_router("", wages.router)
router.add_router("", reports.router)
