
import django.db.models.deletion
import regions.clock
import regions.columns
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('regions', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Student',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(default=regions.columns.new_uid, max_length=10, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('initials', models.CharField(blank=True, max_length=20)),
                ('sex', models.CharField(blank=True, choices=[('1', '男'), ('2', '女')], max_length=1)),
                ('birth_on', models.DateField(blank=True, null=True)),
                ('ethnicity', models.CharField(blank=True, max_length=2)),
                ('nationality', models.CharField(default='CHN', max_length=3)),
                ('id_doc_type', models.CharField(default='1', max_length=1)),
                ('id_no_sealed', models.CharField(blank=True, max_length=200)),
                ('id_no_index', models.CharField(blank=True, max_length=64)),
                ('xueji_no_sealed', models.CharField(blank=True, max_length=200)),
                ('xueji_no_index', models.CharField(blank=True, max_length=64)),
                ('boarder', models.BooleanField(default=False)),
                ('left_behind', models.CharField(blank=True, max_length=1)),
                ('school_path', regions.columns.PathField(blank=True)),
                ('household_path', regions.columns.PathField(blank=True)),
                ('household_address', models.CharField(blank=True, max_length=120)),
                ('residence_path', regions.columns.PathField(blank=True)),
                ('residence_address', models.CharField(blank=True, max_length=120)),
                ('traits', models.JSONField(blank=True, default=dict)),
                ('case_since', models.DateField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(default=regions.clock.now)),
                ('household_region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.region')),
                ('residence_region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.region')),
            ],
        ),
        migrations.CreateModel(
            name='TraitChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('trait', models.CharField(max_length=9)),
                ('before', models.CharField(blank=True, max_length=2)),
                ('on', models.DateField()),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trait_changes', to='students.student')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('student'), models.F('trait'), models.F('on'), name='trait_change_once')],
            },
        ),
        migrations.CreateModel(
            name='Guardian',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(default=regions.columns.new_uid, max_length=10, unique=True)),
                ('kind', models.CharField(choices=[('parent', '父母'), ('legal', '其他法定监护人'), ('carer', '受委托照护人')], default='parent', max_length=8)),
                ('name', models.CharField(max_length=60)),
                ('relation', models.CharField(blank=True, max_length=20)),
                ('order', models.PositiveSmallIntegerField(default=1)),
                ('phone_sealed', models.CharField(blank=True, max_length=200)),
                ('phone_index', models.CharField(blank=True, max_length=64)),
                ('id_no_sealed', models.CharField(blank=True, max_length=200)),
                ('id_no_index', models.CharField(blank=True, max_length=64)),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guardians', to='students.student')),
            ],
            options={
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('alert', 'alert'), ('no_show', 'no_show'), ('roll_difference', 'roll_difference'), ('survey', 'survey'), ('tip_off', 'tip_off')], max_length=16)),
                ('on', models.DateField()),
                ('note', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('open', 'open'), ('taken_up', 'taken_up'), ('dropped', 'dropped')], default='open', max_length=10)),
                ('at', models.DateTimeField(default=regions.clock.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='students.student')),
            ],
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seat_no', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('began', models.DateField()),
                ('how', models.CharField(choices=[('entered', '入学'), ('transfer_in', '转入'), ('class_change', '调班'), ('placed', '返校安置')], max_length=14)),
                ('ended', models.DateField(blank=True, null=True)),
                ('how_ended', models.CharField(blank=True, choices=[('class_change', '调班'), ('transfer_out', '转出'), ('graduated', '毕业'), ('deceased', '死亡'), ('abroad', '出国（境）'), ('mistake', '登记有误')], max_length=14)),
                ('where_to', models.CharField(blank=True, max_length=120)),
                ('recorded_at', models.DateTimeField(default=regions.clock.now)),
                ('listed_from', models.DateField(blank=True, null=True)),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('school_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='regions.schoolclass')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='students.student')),
            ],
        ),
        migrations.CreateModel(
            name='Charge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.CharField(max_length=20)),
                ('over_path', regions.columns.PathField(blank=True)),
                ('uid', models.CharField(default=regions.columns.new_uid, max_length=10, unique=True)),
                ('name', models.CharField(blank=True, max_length=60)),
                ('unit', models.CharField(blank=True, max_length=80)),
                ('phone_sealed', models.CharField(blank=True, max_length=200)),
                ('phone_index', models.CharField(blank=True, max_length=64)),
                ('began', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('source', models.CharField(blank=True, max_length=120)),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='charges', to=settings.AUTH_USER_MODEL)),
                ('student', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='charges', to='students.student')),
            ],
        ),
        migrations.CreateModel(
            name='AuthorisedAbsence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', regions.columns.PathField(blank=True)),
                ('kind', models.CharField(choices=[('sick', '病假'), ('treatment', '定期治疗'), ('personal', '事假'), ('official', '公假'), ('suspended', '休学'), ('deferred', '延缓入学'), ('home_teaching', '送教上门'), ('study_elsewhere', '借读'), ('long_leave', '长期请假'), ('lawful', '依规不在校')], max_length=16)),
                ('first', models.DateField()),
                ('last', models.DateField()),
                ('weekdays', models.CharField(blank=True, max_length=7)),
                ('cause_kind', models.CharField(blank=True, choices=[('ill', '生病'), ('infectious', '传染病隔离'), ('injured', '受伤、手术'), ('dialysis', '透析、康复等治疗'), ('funeral', '家中丧事'), ('wedding', '家中婚事'), ('disaster', '家中受灾'), ('family', '家中其他事'), ('contest', '比赛'), ('training', '集训'), ('trip', '研学')], max_length=12)),
                ('cause', models.CharField(blank=True, max_length=200)),
                ('proof', models.CharField(blank=True, max_length=200)),
                ('proof_due_on', models.DateField(blank=True, null=True)),
                ('proof_at', models.DateTimeField(blank=True, null=True)),
                ('approver', models.CharField(blank=True, max_length=80)),
                ('sensitive', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('asked', '待批'), ('passed', '学校已同意'), ('approved', '已批'), ('refused', '未准'), ('withdrawn', '已撤回')], max_length=9)),
                ('asked_at', models.DateTimeField(default=regions.clock.now)),
                ('first_at', models.DateTimeField(blank=True, null=True)),
                ('after_mark', models.BooleanField(default=False)),
                ('by_township', models.BooleanField(default=False)),
                ('why_second', models.CharField(blank=True, max_length=200)),
                ('second_at', models.DateTimeField(blank=True, null=True)),
                ('by_central', models.BooleanField(default=False)),
                ('sampled_at', models.DateTimeField(blank=True, null=True)),
                ('sample_result', models.CharField(blank=True, choices=[('true', '属实'), ('false', '不实')], max_length=5)),
                ('sample', models.CharField(blank=True, max_length=200)),
                ('answer', models.CharField(blank=True, max_length=200)),
                ('batch', models.CharField(blank=True, max_length=16)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proof_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sampled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authorised', to='students.student')),
            ],
        ),
        migrations.AddIndex(
            model_name='student',
            index=models.Index(fields=['school_path'], name='student_school'),
        ),
        migrations.AddIndex(
            model_name='student',
            index=models.Index(fields=['household_path'], name='student_household'),
        ),
        migrations.AddIndex(
            model_name='student',
            index=models.Index(fields=['residence_path'], name='student_residence'),
        ),
        migrations.AddIndex(
            model_name='student',
            index=models.Index(condition=models.Q(('id_no_index', ''), _negated=True), fields=['id_no_index'], name='student_id_no'),
        ),
        migrations.AddIndex(
            model_name='student',
            index=models.Index(condition=models.Q(('xueji_no_index', ''), _negated=True), fields=['xueji_no_index'], name='student_xueji'),
        ),
        migrations.AddConstraint(
            model_name='guardian',
            constraint=models.UniqueConstraint(fields=('student', 'order'), name='guardian_order'),
        ),
        migrations.AddIndex(
            model_name='enrolment',
            index=models.Index(fields=['school_class', 'began'], name='spell_class'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.UniqueConstraint(models.F('student'), condition=models.Q(('ended', None)), name='one_open_spell'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.UniqueConstraint(fields=('student', 'began'), name='spell_began_once'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.CheckConstraint(condition=models.Q(('ended', None), ('ended__gte', models.F('began')), _connector='OR'), name='spell_dates'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('over_path', ''), ('student__isnull', False)), models.Q(('student', None), models.Q(('over_path', ''), _negated=True)), _connector='OR'), name='charge_over_child_or_place'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(('user__isnull', False), models.Q(('name', ''), _negated=True), _connector='OR'), name='charge_names_somebody'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('student', 'post'), name='one_charge_per_child'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None), models.Q(('over_path', ''), _negated=True)), fields=('over_path', 'post'), name='one_charge_per_place'),
        ),
        migrations.AddIndex(
            model_name='authorisedabsence',
            index=models.Index(fields=['student', 'last'], name='authorised_student'),
        ),
        migrations.AddIndex(
            model_name='authorisedabsence',
            index=models.Index(fields=['path', 'state'], name='authorised_path'),
        ),
        migrations.AddConstraint(
            model_name='authorisedabsence',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['suspended', 'deferred', 'home_teaching', 'study_elsewhere', 'long_leave', 'lawful']), ('state', 'approved')), fields=('student', 'kind', 'first'), name='status_once'),
        ),
        migrations.AddConstraint(
            model_name='authorisedabsence',
            constraint=models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='absence_dates'),
        ),
        migrations.AddConstraint(
            model_name='authorisedabsence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), ('first_by__isnull', False), _connector='OR'), name='approved_absence_has_first'),
        ),
        migrations.AddConstraint(
            model_name='authorisedabsence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), ('why_second', ''), ('second_by__isnull', False), _connector='OR'), name='approved_absence_has_second'),
        ),
        migrations.AddConstraint(
            model_name='authorisedabsence',
            constraint=models.CheckConstraint(condition=models.Q(('second_by', None), models.Q(('first_by__isnull', False), models.Q(('second_by', models.F('first_by')), _negated=True)), _connector='OR'), name='second_word_by_another'),
        ),
        migrations.AddConstraint(
            model_name='authorisedabsence',
            constraint=models.CheckConstraint(condition=models.Q(('by_central', False), models.Q(('kind', 'sick'), ('second_by__isnull', False)), _connector='OR'), name='central_word_on_sick_leave'),
        ),
        migrations.AddConstraint(
            model_name='authorisedabsence',
            constraint=models.CheckConstraint(condition=models.Q(('proof_at', None), models.Q(('proof_by__isnull', False), ('proof_due_on', None)), _connector='OR'), name='brought_proof_has_bringer'),
        ),
    ]
