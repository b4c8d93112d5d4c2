
import django.db.models.deletion
import regions.clock
import regions.columns
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Contract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(default=regions.columns.new_uid, max_length=10, unique=True)),
                ('year', models.PositiveSmallIntegerField()),
                ('link', models.CharField(choices=[('county_township', '县 ↔ 乡镇'), ('township_village', '乡镇 ↔ 村'), ('county_bureau', '县 ↔ 县教育体育局'), ('bureau_school', '县教育体育局 ↔ 学校'), ('school_teacher', '学校 ↔ 班主任')], max_length=20)),
                ('line', models.CharField(choices=[('government', '政府线'), ('education', '教育线')], max_length=12)),
                ('upper_path', regions.columns.PathField()),
                ('upper_name', models.CharField(max_length=120)),
                ('lower_path', regions.columns.PathField()),
                ('lower_name', models.CharField(max_length=120)),
                ('state', models.CharField(choices=[('draft', '拟稿'), ('issued', '待签'), ('signed', '双方已签'), ('superseded', '已换人重签')], default='draft', max_length=12)),
                ('title', models.CharField(max_length=80)),
                ('text', models.TextField(blank=True)),
                ('targets', models.JSONField(default=list)),
                ('veto', models.BooleanField(default=False)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('issued_on', models.DateField(blank=True, null=True)),
                ('signed_on', models.DateField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('made_at', models.DateTimeField(default=regions.clock.now)),
                ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='children', to='contracts.contract')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='contracts.contract')),
            ],
            options={
                'ordering': ['link', 'lower_path', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ContractChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_path', regions.columns.PathField()),
                ('per_teacher', models.BooleanField(default=False)),
                ('veto', models.BooleanField(default=False)),
                ('source', models.CharField(blank=True, max_length=120)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('county_path',), name='contract_choice_once'), models.CheckConstraint(condition=models.Q(models.Q(('per_teacher', False), ('veto', False)), models.Q(('source', ''), _negated=True), _connector='OR'), name='contract_choice_source')],
            },
        ),
        migrations.CreateModel(
            name='ContractTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_path', regions.columns.PathField()),
                ('year', models.PositiveSmallIntegerField()),
                ('link', models.CharField(choices=[('county_township', '县 ↔ 乡镇'), ('township_village', '乡镇 ↔ 村'), ('county_bureau', '县 ↔ 县教育体育局'), ('bureau_school', '县教育体育局 ↔ 学校'), ('school_teacher', '学校 ↔ 班主任')], max_length=20)),
                ('title', models.CharField(max_length=80)),
                ('clauses', models.TextField()),
                ('support', models.TextField(blank=True)),
                ('targets', models.JSONField(default=list)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('county_path', 'year', 'link'), name='contract_template_once')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('upper', '甲方'), ('lower', '乙方')], max_length=5)),
                ('name', models.CharField(max_length=40)),
                ('post', models.CharField(max_length=140)),
                ('seat_path', regions.columns.PathField()),
                ('on', models.DateField()),
                ('at', models.DateTimeField(default=regions.clock.now)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='contracts.contract')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='contract',
            index=models.Index(fields=['year', 'lower_path'], name='contract_year_lower'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'superseded'), _negated=True), fields=('year', 'link', 'lower_path'), name='contract_one_standing'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('due_on__isnull', False), ('issued_on__isnull', False), models.Q(('text', ''), _negated=True)), _connector='OR'), name='contract_issued_whole'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'signed'), _negated=True), ('signed_on__isnull', False), _connector='OR'), name='contract_signed_dated'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(fields=('contract', 'side'), name='signature_once'),
        ),
    ]
