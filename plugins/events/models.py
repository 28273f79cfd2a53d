"""An event: when, where, who invites, what it costs, and whether it takes place."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from cms.contract import ContentPage
from plugins.events.forms import EventForm
from plugins.events.times import EARLIEST, TOO_LATE, is_countable, validate_year, whole_days

_PANELS = ContentPage.content_panels
#: The text comes after when and where.
_BODY = next(place for place, panel in enumerate(_PANELS) if getattr(panel, "field_name", "") == "body")

#: The address of the feed of all events; no single event may have it.
CALENDAR = "calendar"
#: The last moment that is known of an event. An index holds it, and serves those who ask in these very terms.
LAST_KNOWN = Coalesce("ends_at", "starts_at")


class EventPage(ContentPage):
    """One event. What happens again is an event again: there is no rule of recurrence."""

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", _("takes place")
        CANCELLED = "cancelled", _("cancelled")
        POSTPONED = "postponed", _("postponed")
        MOVED_ONLINE = "moved_online", _("moved online")

    starts_at = models.DateTimeField(_("starts"), db_index=True, validators=[validate_year])
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True, validators=[validate_year])
    all_day = models.BooleanField(
        _("whole days"), default=False, help_text=_("The hours are not shown; the last day is the one it ends on.")
    )
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.SCHEDULED)
    place_name = models.CharField(_("place"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    online_url = models.URLField(_("address online"), max_length=1000, blank=True)
    organizer = models.CharField(_("organiser"), max_length=200, blank=True)
    organizer_url = models.URLField(_("organiser's site"), max_length=1000, blank=True)
    is_free = models.BooleanField(_("free of charge"), default=False)
    price = models.CharField(_("price"), max_length=200, blank=True, help_text=_("In words: “150–300 hryvnias”."))
    registration_url = models.URLField(_("tickets or registration"), max_length=1000, blank=True)

    base_form_class = EventForm
    content_panels = [
        *_PANELS[:_BODY],
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldPanel("all_day"),
                FieldPanel("status"),
            ],
            heading=_("When"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("place_name"),
                FieldPanel("address"),
                FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
                FieldPanel("online_url"),
            ],
            heading=_("Where"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("organizer"), FieldPanel("organizer_url")]),
                FieldPanel("is_free"),
                FieldPanel("price"),
                FieldPanel("registration_url"),
            ],
            heading=_("For those who come"),
        ),
        *_PANELS[_BODY:],
    ]
    import_fields = [
        "starts_at",
        "ends_at",
        "all_day",
        "status",
        "place_name",
        "address",
        "latitude",
        "longitude",
        "online_url",
        "organizer",
        "organizer_url",
        "is_free",
        "price",
        "registration_url",
    ]

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(LAST_KNOWN, name="events_last_known")]
        constraints = [
            models.CheckConstraint(
                name="an_event_is_in_our_centuries",
                condition=Q(starts_at__gte=EARLIEST, starts_at__lt=TOO_LATE)
                & (Q(ends_at__isnull=True) | Q(ends_at__gte=EARLIEST, ends_at__lt=TOO_LATE)),
            ),
            models.CheckConstraint(
                name="an_event_ends_after_it_starts", condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at"))
            ),
            models.CheckConstraint(
                name="an_event_is_at_a_point_or_nowhere",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
            ),
            models.CheckConstraint(
                name="an_event_is_on_earth",
                condition=Q(latitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        self._settle_days()
        errors = {}
        for name, moment in (("starts_at", self.starts_at), ("ends_at", self.ends_at)):
            # The fields were looked at before whole days were; those at the edge have grown over it.
            if moment and not is_countable(moment):
                errors[name] = _("Choose a year from 1900 to 2200.")
        if self.starts_at and self.ends_at and self.ends_at < self.starts_at:
            errors["ends_at"] = _("It can't end before it starts.")
        if (self.latitude is None) != (self.longitude is None):
            missing = "latitude" if self.latitude is None else "longitude"
            errors[missing] = _("Give both the latitude and the longitude, or neither.")
        if self.status == self.Status.MOVED_ONLINE and not self.online_url:
            errors["online_url"] = _("An event that was moved online needs its address there.")
        if self.is_free and self.price:
            errors["price"] = _("It is either free or has a price.")
        if self.slug == CALENDAR:
            errors["slug"] = _("“%s” is the address of the calendar of all events. Choose another slug.") % CALENDAR
        if errors:
            raise ValidationError(errors)

    def save(self, *args, **kwargs) -> None:
        self._settle_days()
        super().save(*args, **kwargs)

    @property
    def is_online_only(self) -> bool:
        """Whether nobody meets anywhere."""
        return self.status == self.Status.MOVED_ONLINE or (bool(self.online_url) and not self.has_place)

    @property
    def has_place(self) -> bool:
        """Whether there is a place to go to."""
        return bool(self.place_name or self.address or self.latitude is not None)

    def _settle_days(self) -> None:
        """An event of whole days lasts from the first moment of the first to the last moment of the last."""
        moments = [moment for moment in (self.starts_at, self.ends_at) if moment]
        if self.all_day and self.starts_at and all(map(is_countable, moments)):
            self.starts_at, self.ends_at = whole_days(self.starts_at, self.ends_at)
