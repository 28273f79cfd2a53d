import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import cms.campaigns.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("content", "0002_newsroom"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("translation_key", models.UUIDField(editable=False, unique=True)),
                ("title", models.CharField(max_length=255, verbose_name="headline")),
                ("goal", models.BigIntegerField(verbose_name="goal")),
                (
                    "currency",
                    models.CharField(
                        choices=[("UAH", "hryvnia (UAH)"), ("EUR", "euro (EUR)"), ("USD", "US dollar (USD)")],
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="begins")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="ends")),
                (
                    "gateways",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50), blank=True, default=list, size=None
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "terms_page",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "campaign",
                "verbose_name_plural": "campaigns",
            },
        ),
        migrations.CreateModel(
            name="CampaignPage",
            fields=[
                (
                    "contentpage_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="content.contentpage",
                    ),
                ),
                (
                    "goal",
                    cms.campaigns.fields.MinorUnitsField(
                        help_text="In whole units: 100000 or 99.50.", verbose_name="goal"
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        choices=[("UAH", "hryvnia (UAH)"), ("EUR", "euro (EUR)"), ("USD", "US dollar (USD)")],
                        default="UAH",
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "starts_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Left empty, it takes money as soon as it is published.",
                        null=True,
                        verbose_name="begins",
                    ),
                ),
                (
                    "ends_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Left empty, it takes money as long as it is published.",
                        null=True,
                        verbose_name="ends",
                    ),
                ),
                (
                    "suggested_amounts",
                    cms.campaigns.fields.MinorUnitsListField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        help_text="At most six, with semicolons between: 100; 250; 500.",
                        size=None,
                        verbose_name="suggested amounts",
                    ),
                ),
                (
                    "gateways",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50),
                        blank=True,
                        default=list,
                        help_text="None ticked: all that take this currency.",
                        size=None,
                        verbose_name="ways to pay",
                    ),
                ),
                (
                    "thank_you",
                    models.TextField(
                        blank=True, help_text="What a donor reads after paying.", max_length=1000, verbose_name="thanks"
                    ),
                ),
            ],
            options={
                "verbose_name": "campaign page",
                "verbose_name_plural": "campaign pages",
            },
            bases=("content.contentpage",),
        ),
        migrations.CreateModel(
            name="PageBuild",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=255, unique=True, verbose_name="slug")),
                ("locale", models.CharField(max_length=10, verbose_name="language")),
                ("page_id", models.IntegerField(db_index=True)),
                ("built_at", models.DateTimeField(null=True, verbose_name="built")),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("version", models.CharField(blank=True, max_length=64, verbose_name="version")),
                ("gone", models.BooleanField(default=False, verbose_name="taken down")),
                ("error", models.TextField(blank=True, verbose_name="error")),
            ],
            options={
                "verbose_name": "donation page",
                "verbose_name_plural": "donation pages",
            },
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="progress",
                        serialize=False,
                        to="campaigns.campaign",
                        verbose_name="campaign",
                    ),
                ),
                ("raised", models.BigIntegerField(default=0, verbose_name="raised")),
                ("donors", models.PositiveIntegerField(default=0, verbose_name="donors")),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="updated")),
            ],
            options={
                "verbose_name": "total",
                "verbose_name_plural": "totals",
            },
        ),
        migrations.CreateModel(
            name="Donation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                (
                    "currency",
                    models.CharField(
                        choices=[("UAH", "hryvnia (UAH)"), ("EUR", "euro (EUR)"), ("USD", "US dollar (USD)")],
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                ("gateway", models.CharField(max_length=50, verbose_name="gateway")),
                ("reference", models.CharField(blank=True, max_length=255, verbose_name="reference of the checkout")),
                ("checkout_url", models.URLField(blank=True, max_length=4000)),
                ("locale", models.CharField(blank=True, max_length=10, verbose_name="language")),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("message", models.TextField(blank=True, max_length=1000, verbose_name="message")),
                ("anonymous", models.BooleanField(default=False, verbose_name="wants to stay unnamed")),
                ("declined_at", models.DateTimeField(null=True, verbose_name="declined at")),
                ("expired_at", models.DateTimeField(null=True, verbose_name="expired at")),
                ("failed_at", models.DateTimeField(null=True, verbose_name="failed at")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "pending"),
                            ("failed", "not started"),
                            ("expired", "expired"),
                            ("declined", "declined"),
                            ("paid", "paid"),
                            ("refunded", "refunded"),
                            ("charged_back", "charged back"),
                        ],
                        default="pending",
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "attention",
                    models.CharField(
                        blank=True,
                        help_text="What does not add up in this donation.",
                        max_length=500,
                        verbose_name="to be looked at",
                    ),
                ),
                ("idempotency_key", models.CharField(blank=True, max_length=255)),
                ("request_hash", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="made")),
                ("paid_at", models.DateTimeField(null=True, verbose_name="paid")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="donations",
                        to="campaigns.campaign",
                        verbose_name="campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "donation",
                "verbose_name_plural": "donations",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("payment", "payment"),
                            ("refund", "refund"),
                            ("chargeback", "chargeback"),
                            ("chargeback_reversal", "chargeback reversal"),
                            ("offline", "offline donation"),
                            ("match", "match by a sponsor"),
                            ("correction", "correction of an entry made by hand"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                (
                    "currency",
                    models.CharField(
                        choices=[("UAH", "hryvnia (UAH)"), ("EUR", "euro (EUR)"), ("USD", "US dollar (USD)")],
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                ("gateway", models.CharField(max_length=50, verbose_name="gateway")),
                ("external_id", models.CharField(max_length=255, verbose_name="number at the gateway or the bank")),
                ("occurred_at", models.DateTimeField(verbose_name="happened")),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="recorded")),
                ("recorded_by", models.CharField(blank=True, max_length=255, verbose_name="recorded by")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="campaigns.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction",
                        to="campaigns.ledgerentry",
                        verbose_name="corrects",
                    ),
                ),
                (
                    "donation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="campaigns.donation",
                        verbose_name="donation",
                    ),
                ),
            ],
            options={
                "verbose_name": "ledger entry",
                "verbose_name_plural": "ledger",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="WebhookEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gateway", models.CharField(max_length=50, verbose_name="gateway")),
                ("event_id", models.CharField(max_length=255, verbose_name="event")),
                ("data", models.JSONField(default=dict, verbose_name="content")),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="received")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "received"),
                            ("applied", "applied"),
                            ("ignored", "means nothing to the ledger"),
                            ("waiting", "waits for its donation or its payment"),
                            ("failed", "could not be understood"),
                            ("conflict", "contradicts the ledger"),
                        ],
                        default="received",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=255, verbose_name="donation's reference")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                (
                    "next_attempt_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="next attempt"),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled")),
                (
                    "donation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="campaigns.donation",
                        verbose_name="donation",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook",
                "verbose_name_plural": "webhook inbox",
                "ordering": ["-id"],
            },
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(condition=models.Q(("goal__gt", 0)), name="a_goal_is_positive"),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__in", ["UAH", "EUR", "USD"])), name="a_campaign_has_a_known_currency"
            ),
        ),
        migrations.AddIndex(
            model_name="donation",
            index=models.Index(
                condition=models.Q(("status", "paid")), fields=["campaign", "-paid_at"], name="donation_last"
            ),
        ),
        migrations.AddIndex(
            model_name="donation",
            index=models.Index(fields=["-created_at"], name="donation_newest"),
        ),
        migrations.AddConstraint(
            model_name="donation",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="a_donation_is_positive"),
        ),
        migrations.AddConstraint(
            model_name="donation",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__in", ["UAH", "EUR", "USD"])), name="a_donation_has_a_known_currency"
            ),
        ),
        migrations.AddConstraint(
            model_name="donation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("idempotency_key", ""), _negated=True),
                fields=("campaign", "idempotency_key"),
                name="a_donation_once_an_idempotency_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="donation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("gateway", "reference"),
                name="a_checkout_has_one_donation",
            ),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["campaign", "-occurred_at"], name="ledger_by_campaign"),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.UniqueConstraint(
                fields=("gateway", "external_id", "kind"), name="a_movement_is_entered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("kind__in", ["payment", "chargeback_reversal", "offline", "match"])),
                    models.Q(("amount__lt", 0), ("kind__in", ["refund", "chargeback", "correction"])),
                    _connector="OR",
                ),
                name="the_sign_follows_from_the_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__in", ["UAH", "EUR", "USD"])), name="an_entry_has_a_known_currency"
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "correction"), ("corrects__isnull", False)),
                    models.Q(models.Q(("kind", "correction"), _negated=True), ("corrects__isnull", True)),
                    _connector="OR",
                ),
                name="a_correction_corrects_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["offline", "match", "correction"]), _negated=True),
                    models.Q(models.Q(("reason", ""), _negated=True), models.Q(("recorded_by", ""), _negated=True)),
                    _connector="OR",
                ),
                name="what_is_entered_by_hand_says_who_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["offline", "match", "correction"]), ("donation__isnull", False), _connector="OR"
                ),
                name="what_a_gateway_moved_has_a_donation",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookevent",
            index=models.Index(
                condition=models.Q(("state__in", ["received", "waiting", "failed"])),
                fields=["next_attempt_at"],
                name="webhook_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookevent",
            constraint=models.UniqueConstraint(fields=("gateway", "event_id"), name="an_event_is_received_once"),
        ),
    ]
