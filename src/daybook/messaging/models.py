from django.db import models

from daybook.tenancy.base import TenantModel


class Message(TenantModel):
    """One message to one person on one channel. Waits in the outbox until it was sent."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    channel = models.CharField(max_length=8, default="email")
    to_user = models.ForeignKey("people.User", null=True, on_delete=models.SET_NULL, related_name="messages")
    to_address = models.CharField(max_length=254)
    event = models.CharField(max_length=40)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    attachment_name = models.CharField(max_length=120, blank=True, default="")
    attachment = models.BinaryField(null=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True, default="")
    about_id = models.UUIDField(null=True, help_text="the invoice, payment … that it is about")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["business", "-created_at", "-id"], name="messages_newest_first"),
            models.Index(fields=["about_id"], name="messages_about", condition=models.Q(about_id__isnull=False)),
            models.Index(fields=["business"], name="messages_waiting", condition=models.Q(status="waiting")),
        ]
