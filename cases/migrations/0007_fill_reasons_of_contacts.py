from django.db import migrations


def fill(apps, schema_editor):
    """The reasons a contact named, from the event it wrote into its case."""
    Contact = apps.get_model("cases", "Contact")
    CaseEvent = apps.get_model("cases", "CaseEvent")
    told = {
        details["contact"]: details
        for details in CaseEvent.objects.filter(kind="contact").values_list("details", flat=True)
        if details.get("contact") and (details.get("reasons") or details.get("whereabouts"))
    }
    rows = list(Contact.objects.filter(pk__in=told))
    for row in rows:
        row.reasons = told[row.pk].get("reasons", [])
        row.whereabouts = told[row.pk].get("whereabouts", "")[:100]
    Contact.objects.bulk_update(rows, ["reasons", "whereabouts"], batch_size=1000)


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0006_contact_keeps_its_reasons'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
