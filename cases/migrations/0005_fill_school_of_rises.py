from django.db import migrations


def fill(apps, schema_editor):
    """The school of a register that rose, from its subject register:CLASS:DAY."""
    Rise = apps.get_model("cases", "Rise")
    classes = apps.get_model("regions", "SchoolClass")
    schools = dict(classes.objects.values_list("pk", "school_id"))
    waiting = list(Rise.objects.filter(kind="register", school=None).only("pk", "subject"))
    for rise in waiting:
        rise.school_id = schools.get(int(rise.subject.split(":")[1]))
    Rise.objects.bulk_update(waiting, ["school"], batch_size=1000)


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_rise_names_its_school'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
