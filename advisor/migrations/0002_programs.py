import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import advisor.models.program


def give_keys(apps, _schema_editor):
    """Each program that is stored already gets a key of its own: a default would be the same for all."""
    for program in apps.get_model("advisor", "Program").objects.filter(member_key=None).iterator():
        program.member_key = advisor.models.program.new_token()
        program.save(update_fields=["member_key"])


class Migration(migrations.Migration):
    dependencies = [
        ("advisor", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProgramMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("named", models.CharField(max_length=254, verbose_name="user name or e-mail address")),
                ("role", models.CharField(choices=[("viewer", "Viewer"), ("editor", "Editor")], default="viewer", max_length=6)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["added_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ProgramVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("profile", models.JSONField(help_text="The profile JSON, version 1, with its weights.")),
                ("origins", models.JSONField(blank=True, default=dict)),
                ("catalogue_version", models.CharField(max_length=40)),
                ("software_version", models.CharField(max_length=40)),
                ("advice", models.JSONField(help_text="See advisor.kept.")),
                ("author_name", models.CharField(blank=True, help_text="Empty: somebody with the edit link.", max_length=160)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "ordering": ["program", "number"],
            },
        ),
        migrations.CreateModel(
            name="ShortlistEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", models.CharField(help_text="The vendor's slug.", max_length=80)),
                ("vendor_name", models.CharField(help_text="As it was when the vendor was added.", max_length=120)),
                ("position", models.PositiveSmallIntegerField(help_text="Place on the list, from 1.")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("considering", "Considering"),
                            ("contacted", "Contacted"),
                            ("declined", "Declined"),
                            ("chosen", "Chosen"),
                            ("rejected", "Rejected"),
                        ],
                        default="considering",
                        max_length=11,
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="reason for the status")),
                (
                    "gate_reason",
                    models.TextField(blank=True, max_length=2000, verbose_name="reason for adding it although it fails a must-have"),
                ),
                ("notes", models.TextField(blank=True, max_length=5000)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                (
                    "added_from",
                    models.CharField(
                        choices=[("match", "The matches"), ("browse", "Browsing"), ("comparison", "A comparison")],
                        default="browse",
                        max_length=10,
                    ),
                ),
                ("status_changed_at", models.DateTimeField(blank=True, null=True)),
                ("first_contacted_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "shortlist entries",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="program",
            name="program_has_token",
        ),
        migrations.AddField(
            model_name="program",
            name="changed_at",
            field=models.DateTimeField(auto_now=True),
        ),
        migrations.AddField(
            model_name="program",
            name="draft",
            field=models.JSONField(blank=True, default=dict, help_text="Answers to the intake that are no valid profile yet."),
        ),
        migrations.AddField(
            model_name="program",
            name="expires_on",
            field=models.DateField(blank=True, help_text="The last day on which anybody reaches it.", null=True),
        ),
        migrations.AddField(
            model_name="program",
            name="member_key",
            field=models.CharField(editable=False, max_length=32, null=True),
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="program",
            name="member_key",
            field=models.CharField(default=advisor.models.program.new_token, editable=False, max_length=32, unique=True),
        ),
        migrations.AddField(
            model_name="program",
            name="origins",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="By key of the profile: whether typed, registry or default, and such as which record and field.",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="owner",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="programs", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="read_token",
            field=models.CharField(editable=False, max_length=32, blank=True, null=True, unique=True, verbose_name="read-only link"),
        ),
        migrations.AlterField(
            model_name="program",
            name="profile",
            field=models.JSONField(blank=True, help_text="The profile JSON, version 1; empty while there is only a draft.", null=True),
        ),
        migrations.AlterField(
            model_name="program",
            name="token",
            field=models.CharField(
                blank=True,
                default=advisor.models.program.new_token,
                editable=False,
                max_length=32,
                null=True,
                unique=True,
                verbose_name="edit link",
            ),
        ),
        migrations.AddIndex(
            model_name="program",
            index=models.Index(fields=["expires_on"], name="program_by_last_day"),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(("token__isnull", True), models.Q(("token", ""), _negated=True), _connector="OR"),
                name="program_token_is_not_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(("read_token__isnull", True), models.Q(("read_token", ""), _negated=True), _connector="OR"),
                name="program_read_token_is_not_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(condition=models.Q(("member_key", ""), _negated=True), name="program_has_member_key"),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(("token__isnull", False), ("owner__isnull", False), _connector="OR"),
                name="program_can_be_reached",
                violation_error_message="Without an owner the edit link is the only key to a program.",
            ),
        ),
        migrations.AddField(
            model_name="programmember",
            name="program",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="members", to="advisor.program"),
        ),
        migrations.AddField(
            model_name="programmember",
            name="user",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="programversion",
            name="author",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="programversion",
            name="program",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="advisor.program"),
        ),
        migrations.AddField(
            model_name="shortlistentry",
            name="program",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="shortlist", to="advisor.program"),
        ),
        migrations.AddConstraint(
            model_name="programmember",
            constraint=models.CheckConstraint(condition=models.Q(("role__in", ["viewer", "editor"])), name="member_role_is_listed"),
        ),
        migrations.AddConstraint(
            model_name="programmember",
            constraint=models.CheckConstraint(condition=models.Q(("named", ""), _negated=True), name="member_is_named"),
        ),
        migrations.AddConstraint(
            model_name="programmember",
            constraint=models.UniqueConstraint(
                fields=("program", "named"), name="member_is_named_once", violation_error_message="This name is there already."
            ),
        ),
        migrations.AddConstraint(
            model_name="programversion",
            constraint=models.UniqueConstraint(fields=("program", "number"), name="version_number_is_there_once"),
        ),
        migrations.AddConstraint(
            model_name="programversion",
            constraint=models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="version_number_is_from_one"),
        ),
        migrations.AddConstraint(
            model_name="shortlistentry",
            constraint=models.UniqueConstraint(
                fields=("program", "vendor"), name="vendor_is_shortlisted_once", violation_error_message="This vendor is there already."
            ),
        ),
        migrations.AddConstraint(
            model_name="shortlistentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["considering", "contacted", "declined", "chosen", "rejected"])),
                name="shortlist_status_is_listed",
                violation_error_message="Choose one of the statuses.",
            ),
        ),
        migrations.AddConstraint(
            model_name="shortlistentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("added_from__in", ["match", "browse", "comparison"])),
                name="shortlist_added_from_is_listed",
                violation_error_message="Choose where it was added from.",
            ),
        ),
        migrations.AddConstraint(
            model_name="shortlistentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "rejected"), _negated=True), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="rejected_vendor_has_reason",
                violation_error_message="Say why it was rejected.",
            ),
        ),
        migrations.AddConstraint(
            model_name="shortlistentry",
            constraint=models.CheckConstraint(condition=models.Q(("position__gte", 1)), name="shortlist_position_is_from_one"),
        ),
    ]
