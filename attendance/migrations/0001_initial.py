
import django.db.models.deletion
import regions.clock
import regions.columns
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('regions', '0001_initial'),
        ('students', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AbsenceAlert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', regions.columns.PathField()),
                ('state', models.CharField(choices=[('open', '待学校确认'), ('explained', '已说明原因'), ('confirmed', '已确认'), ('returned', '已到校'), ('withdrawn', '已撤回')], max_length=10)),
                ('opened_on', models.DateField()),
                ('as_of', models.DateField()),
                ('first', models.DateField()),
                ('last', models.DateField()),
                ('unexplained', models.PositiveSmallIntegerField()),
                ('not_taken', models.PositiveSmallIntegerField(default=0)),
                ('grounds', models.JSONField(default=list)),
                ('proof', models.JSONField(default=dict)),
                ('handled_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('answers_until', models.DateField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('finding', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alert', to='students.finding')),
                ('handled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='students.student')),
            ],
        ),
        migrations.CreateModel(
            name='AlertEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('opened', '发出预警'), ('extended', '天数变化'), ('withdrawn', '撤回预警'), ('returned', '学生到校'), ('reopened', '重新预警'), ('explained', '说明原因'), ('confirmed', '确认预警'), ('waiting', '报县审批'), ('contact', '联系监护人'), ('reminded', '催办')], max_length=10)),
                ('on', models.DateField()),
                ('at', models.DateTimeField(default=regions.clock.now)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='attendance.absencealert')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Register',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('path', regions.columns.PathField()),
                ('state', models.CharField(choices=[('taken', 'taken')], max_length=8)),
                ('expected', models.PositiveSmallIntegerField()),
                ('present', models.PositiveSmallIntegerField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('client_key', models.UUIDField(unique=True)),
                ('taken_at', models.DateTimeField()),
                ('received_at', models.DateTimeField(default=regions.clock.now)),
                ('made_at', models.DateTimeField(default=regions.clock.now)),
                ('stand_in', models.BooleanField(default=False)),
                ('late', models.BooleanField(default=False)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('school_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registers', to='regions.schoolclass')),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('path', regions.columns.PathField()),
                ('mark', models.CharField(choices=[('absent', '未到'), ('sick', '病假'), ('personal', '事假'), ('late', '迟到'), ('left_early', '早退'), ('half_day', '半天'), ('lost', '失联'), ('pending', '待确认')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=100)),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to='students.student')),
                ('register', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='attendance.register')),
            ],
        ),
        migrations.CreateModel(
            name='UnseenRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', regions.columns.PathField()),
                ('as_of', models.DateField()),
                ('verdict', models.CharField(choices=[('seen', 'seen'), ('watch', 'watch'), ('cannot_judge', 'cannot_judge'), ('alert', 'alert')], max_length=12)),
                ('unexplained', models.PositiveSmallIntegerField()),
                ('first', models.DateField()),
                ('last', models.DateField()),
                ('not_taken', models.JSONField(default=list)),
                ('last_seen', models.DateField(blank=True, null=True)),
                ('student', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='run', to='students.student')),
            ],
        ),
        migrations.AddIndex(
            model_name='absencealert',
            index=models.Index(fields=['path', 'state'], name='alert_path'),
        ),
        migrations.AddConstraint(
            model_name='absencealert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'explained'), _negated=True), ('answers_until__isnull', False), _connector='OR'), name='explained_alert_until'),
        ),
        migrations.AddConstraint(
            model_name='absencealert',
            constraint=models.UniqueConstraint(models.F('student'), condition=models.Q(('state', 'open')), name='one_open_alert'),
        ),
        migrations.AddConstraint(
            model_name='absencealert',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['open', 'explained', 'confirmed'])), fields=('student', 'first'), name='alert_run_once'),
        ),
        migrations.AddIndex(
            model_name='register',
            index=models.Index(fields=['path', 'on'], name='register_path_day'),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.UniqueConstraint(fields=('school_class', 'on'), name='register_once'),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.CheckConstraint(condition=models.Q(('present__lte', models.F('expected'))), name='register_counts'),
        ),
        migrations.AddIndex(
            model_name='absence',
            index=models.Index(fields=['path', 'on'], name='absence_path_day'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=models.UniqueConstraint(fields=('student', 'on'), name='absence_once'),
        ),
        migrations.AddIndex(
            model_name='unseenrun',
            index=models.Index(fields=['path', 'verdict'], name='run_path'),
        ),
        migrations.CreateModel(
            name='ProposedMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('path', regions.columns.PathField()),
                ('was', models.CharField(choices=[('absent', '未到'), ('sick', '病假'), ('personal', '事假'), ('late', '迟到'), ('left_early', '早退'), ('half_day', '半天'), ('lost', '失联'), ('pending', '待确认')], max_length=10)),
                ('wanted', models.CharField(blank=True, choices=[('absent', '未到'), ('sick', '病假'), ('personal', '事假'), ('late', '迟到'), ('left_early', '早退'), ('half_day', '半天'), ('lost', '失联'), ('pending', '待确认')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=100)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('by_county', models.BooleanField(default=False)),
                ('asked_at', models.DateTimeField(default=regions.clock.now)),
                ('state', models.CharField(choices=[('asked', '待确认'), ('confirmed', '已确认'), ('refused', '未确认'), ('replaced', '已另行更正')], default='asked', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('words', models.CharField(blank=True, max_length=200)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('register', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposed_marks', to='attendance.register')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposed_marks', to='students.student')),
            ],
            options={
                'indexes': [models.Index(fields=['path', 'state'], name='proposed_mark_path')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('student', 'on'), name='one_proposed_mark'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='mark_confirmed_by_another')],
            },
        ),
        migrations.CreateModel(
            name='MarkDispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('path', regions.columns.PathField()),
                ('stood', models.CharField(blank=True, choices=[('absent', '未到'), ('sick', '病假'), ('personal', '事假'), ('late', '迟到'), ('left_early', '早退'), ('half_day', '半天'), ('lost', '失联'), ('pending', '待确认')], max_length=10)),
                ('asker', models.CharField(max_length=40)),
                ('words', models.CharField(max_length=200)),
                ('asked_on', models.DateField()),
                ('due_on', models.DateField()),
                ('recorded_at', models.DateTimeField(default=regions.clock.now)),
                ('state', models.CharField(choices=[('open', '待答复'), ('corrected', '已更正'), ('kept', '维持原记录'), ('withdrawn', '登错或监护人撤回')], default='open', max_length=10)),
                ('answer', models.CharField(blank=True, max_length=200)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('register', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mark_disputes', to='attendance.register')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mark_disputes', to='students.student')),
            ],
            options={
                'indexes': [models.Index(fields=['path', 'state'], name='dispute_path')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('student', 'on'), name='one_open_dispute'), models.CheckConstraint(condition=models.Q(('state', 'open'), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='dispute_answered'), models.CheckConstraint(condition=models.Q(('due_on__gt', models.F('asked_on'))), name='dispute_due')],
            },
        ),
    ]
