
import django.db.models.deletion
import django.db.models.functions.datetime
import regions.columns
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', regions.columns.PathField()),
                ('scope', models.CharField(max_length=80)),
                ('begins', models.DateField()),
                ('ends', models.DateField()),
                ('kind', models.CharField(choices=[('term', '学期'), ('holiday', '放假'), ('make_up', '调休上课'), ('closure', '停课'), ('half_closure', '半天停课'), ('year', '本年已定'), ('opening', '报到日')], max_length=12)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('stage', models.CharField(blank=True, max_length=8)),
                ('grades', models.CharField(blank=True, max_length=30)),
                ('boarders', models.BooleanField(default=False)),
                ('community', models.CharField(blank=True, max_length=40)),
                ('source', models.CharField(blank=True, max_length=120)),
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('entered_by', models.CharField(max_length=40)),
                ('entered_on', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('proposed', '待核定'), ('active', '生效'), ('refused', '不同意'), ('ended', '已撤销')], default='active', max_length=8)),
                ('holds_day', models.BooleanField(default=False)),
                ('decided_by', models.CharField(blank=True, max_length=40)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decision', models.CharField(blank=True, max_length=200)),
                ('ended_by', models.CharField(blank=True, max_length=40)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('end_reason', models.CharField(blank=True, max_length=200)),
                ('replaces', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='regions.calendarrow')),
            ],
            options={
                'ordering': ['begins', 'path'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['active', 'proposed'])), fields=('scope', 'begins', 'ends', 'kind'), name='calendar_row_once'), models.CheckConstraint(condition=models.Q(('ends__gte', models.F('begins'))), name='calendar_row_dates'), models.CheckConstraint(condition=models.Q(('holds_day', False), models.Q(('begins', models.F('ends')), ('kind', 'closure')), _connector='OR'), name='calendar_row_holds_one_day'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ended'), _negated=True), models.Q(models.Q(('ended_by', ''), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='calendar_row_ender'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(models.Q(('decided_by', ''), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='calendar_row_refuser')],
            },
        ),
        migrations.CreateModel(
            name='CalendarChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', regions.columns.PathField()),
                ('begins', models.DateField()),
                ('at', models.DateTimeField()),
                ('followed_at', models.DateTimeField(blank=True, null=True)),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='regions.calendarrow')),
            ],
        ),
        migrations.CreateModel(
            name='Region',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('level', models.PositiveSmallIntegerField(choices=[(1, '省'), (2, '州市'), (3, '县'), (4, '乡镇（街道）'), (5, '村（社区）')])),
                ('path', regions.columns.PathField(blank=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='regions.region')),
            ],
            options={
                'ordering': ['path'],
            },
        ),
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(choices=[('flag_days', '未到校预警'), ('cutoff', '考勤填报截止'), ('lock_hours', '考勤锁定（此后更正须写原因）'), ('teacher_leave_days', '班主任可准假'), ('sick_leave_by', '中心校所管小学、教学点的病假，学校以后由谁批'), ('suspected_days', '疑似辍学：超过'), ('suspected_school_days', '疑似辍学：至少'), ('dropout_days', '辍学：超过'), ('dropout_school_days', '辍学：至少'), ('order_days', '责令限期改正期限'), ('enforceable', '法院准予强制执行的决定'), ('verify_days', '建档后首次核查'), ('contact_days', '再次联系监护人：至多隔'), ('issue_days', '进入第二步后制发通知书'), ('serve_days', '文书制发后送达'), ('observation_days', '返校观察'), ('observation_percent', '观察期到校率'), ('approve_days', '销号意见、审批'), ('consolidation_target', '巩固率目标'), ('consolidation_variant', '九年巩固率采用口径')], max_length=30)),
                ('value', models.CharField(max_length=10)),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('source', models.CharField(max_length=120)),
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('entered_by', models.CharField(blank=True, max_length=40)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.CharField(blank=True, max_length=40)),
                ('end_reason', models.CharField(blank=True, max_length=200)),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policies', to='regions.region')),
                ('replaces', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='regions.policy')),
            ],
        ),
        migrations.CreateModel(
            name='LegalBasis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=100)),
                ('issuer', models.CharField(max_length=60)),
                ('article', models.CharField(max_length=30)),
                ('text', models.CharField(max_length=600)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('allows_fine', models.BooleanField(default=False)),
                ('competent', models.CharField(blank=True, max_length=60)),
                ('fine_min', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                ('fine_max', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                ('verified_by', models.CharField(max_length=60)),
                ('entered_by', models.CharField(blank=True, max_length=40)),
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='regions.region')),
            ],
        ),
        migrations.CreateModel(
            name='RegionCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12)),
                ('began', models.DateField(blank=True, null=True)),
                ('ended', models.DateField(blank=True, null=True)),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='regions.region')),
            ],
        ),
        migrations.CreateModel(
            name='School',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('primary', '小学'), ('teaching_point', '教学点'), ('junior', '初级中学'), ('nine_year', '九年一贯制学校'), ('twelve_year', '十二年一贯制学校'), ('complete_secondary', '完全中学'), ('special', '特殊教育学校')], max_length=20)),
                ('path', regions.columns.PathField(blank=True)),
                ('primary_years', models.PositiveSmallIntegerField(default=0)),
                ('junior_years', models.PositiveSmallIntegerField(default=0)),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('alerts_from', models.DateField(blank=True, null=True)),
                ('registers_from', models.DateField(blank=True, null=True)),
                ('led_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='leads', to='regions.school')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='schools', to='regions.region')),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='regions.school')),
            ],
            options={
                'ordering': ['path'],
            },
        ),
        migrations.CreateModel(
            name='SchoolClass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('primary', '小学'), ('junior', '初中')], max_length=8)),
                ('entry_year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveSmallIntegerField()),
                ('years', models.PositiveSmallIntegerField()),
                ('path', regions.columns.PathField(blank=True)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='classes', to='regions.school')),
            ],
            options={
                'ordering': ['stage', '-entry_year', 'number'],
            },
        ),
        migrations.AddConstraint(
            model_name='region',
            constraint=models.UniqueConstraint(models.F('path'), condition=models.Q(('path', ''), _negated=True), name='region_path_unique'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('region', 'key', 'since'), name='policy_once'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), models.Q(('ended_by', ''), _negated=True), _connector='OR'), name='policy_ender'),
        ),
        migrations.AddConstraint(
            model_name='legalbasis',
            constraint=models.UniqueConstraint(fields=('title', 'article', 'valid_from'), name='legal_basis_once'),
        ),
        migrations.AddConstraint(
            model_name='legalbasis',
            constraint=models.CheckConstraint(condition=models.Q(('allows_fine', False), models.Q(models.Q(('competent', ''), _negated=True), ('fine_max__isnull', False), ('region__isnull', False)), _connector='OR'), name='fine_names_its_body'),
        ),
        migrations.AddConstraint(
            model_name='regioncode',
            constraint=models.UniqueConstraint(models.F('code'), name='region_code_once'),
        ),
        migrations.AddConstraint(
            model_name='regioncode',
            constraint=models.UniqueConstraint(models.F('region'), condition=models.Q(('ended', None)), name='region_one_current_code'),
        ),
        migrations.AddConstraint(
            model_name='school',
            constraint=models.UniqueConstraint(models.F('path'), condition=models.Q(('path', ''), _negated=True), name='school_path_unique'),
        ),
        migrations.AddConstraint(
            model_name='school',
            constraint=models.CheckConstraint(condition=models.Q(('junior_years__lte', 4), ('primary_years__lte', 6)), name='school_stage_lengths'),
        ),
        migrations.AddIndex(
            model_name='schoolclass',
            index=models.Index(fields=['path'], name='class_path'),
        ),
        migrations.AddConstraint(
            model_name='schoolclass',
            constraint=models.UniqueConstraint(fields=('school', 'stage', 'entry_year', 'number'), name='class_once'),
        ),
        migrations.AddConstraint(
            model_name='schoolclass',
            constraint=models.CheckConstraint(condition=models.Q(('years__gte', 1), ('years__lte', 6)), name='class_years'),
        ),
    ]
