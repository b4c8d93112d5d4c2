
import django.db.models.deletion
import regions.clock
import regions.columns
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0001_initial'),
        ('regions', '0001_initial'),
        ('students', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county_path', regions.columns.PathField()),
                ('on', models.DateField()),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('draft', '当日'), ('frozen', '已定稿')], default='draft', max_length=6)),
                ('title', models.CharField(blank=True, max_length=60)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('counted', models.JSONField(default=dict)),
                ('built_at', models.DateTimeField(default=regions.clock.now)),
                ('frozen_at', models.DateTimeField(blank=True, null=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('frozen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['on', 'version'],
            },
        ),
        migrations.CreateModel(
            name='CohortCell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', regions.columns.PathField()),
                ('entered', models.PositiveSmallIntegerField()),
                ('counts', models.JSONField(default=dict)),
                ('source', models.CharField(blank=True, max_length=160)),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cohorts', to='reports.snapshot')),
            ],
        ),
        migrations.CreateModel(
            name='BucketRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', regions.columns.PathField()),
                ('stage', models.CharField(choices=[('primary', '小学'), ('junior', '初中')], max_length=8)),
                ('grade', models.PositiveSmallIntegerField()),
                ('student_status', models.CharField(choices=[('in_school', '在读'), ('dropout', '辍学未复学'), ('suspected', '疑似辍学'), ('absent', '未到校'), ('observed', '返校观察'), ('missing', '失踪（公安立案）'), ('suspended', '休学'), ('deferred', '延缓入学'), ('rehab', '康复机构'), ('home_teaching', '送教上门'), ('special_school', '特殊教育学校就读'), ('correctional', '专门学校'), ('vocational', '职业学校就读'), ('study_elsewhere', '异地就读'), ('long_leave', '长期请假'), ('overage', '已超义务教育年龄'), ('transfer_pending', '转学未接续'), ('transfer_out', '转出'), ('abroad', '出国（境）'), ('deceased', '死亡'), ('graduated', '毕业')], max_length=16)),
                ('since', models.DateField(blank=True, null=True)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cases.case')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='students.student')),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='reports.snapshot')),
            ],
        ),
        migrations.CreateModel(
            name='SnapshotCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', regions.columns.PathField()),
                ('level', models.CharField(max_length=8)),
                ('stage', models.CharField(choices=[('primary', '小学'), ('junior', '初中')], max_length=8)),
                ('counts', models.JSONField(default=dict)),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='reports.snapshot')),
            ],
        ),
        migrations.CreateModel(
            name='CohortBaseline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', regions.columns.PathField()),
                ('entered', models.PositiveSmallIntegerField()),
                ('until', models.DateField()),
                ('counts', models.JSONField(default=dict)),
                ('source', models.CharField(max_length=120)),
                ('entered_at', models.DateTimeField(default=regions.clock.now)),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('path', 'entered'), name='cohort_baseline_once')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('month', '月报告'), ('quarter', '季报告'), ('term', '学期报告'), ('year', '年度报告')], default='month', max_length=7)),
                ('path', regions.columns.PathField()),
                ('period', models.DateField()),
                ('edition', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('draft', '草稿'), ('signed', '已签发')], default='draft', max_length=6)),
                ('counted_on', models.DateField()),
                ('counts', models.JSONField(default=dict)),
                ('rows', models.JSONField(default=list)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('drafted_at', models.DateTimeField(default=regions.clock.now)),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('school', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.school')),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['period', 'path', 'edition'],
                'constraints': [models.UniqueConstraint(fields=('path', 'kind', 'period', 'edition'), name='report_edition_once'), models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('path', 'kind', 'period'), name='one_draft_a_period'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'month'), _negated=True), ('school__isnull', False), _connector='OR'), name='month_report_has_school'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'signed'), _negated=True), models.Q(('signed_by__isnull', False), ('signed_at__isnull', False)), _connector='OR'), name='signed_report_has_signer'), models.CheckConstraint(condition=models.Q(('edition', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='later_edition_has_reason')],
            },
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.UniqueConstraint(fields=('county_path', 'on', 'version'), name='snapshot_version_once'),
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('county_path', 'on'), name='one_draft_a_day'),
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'frozen'), _negated=True), models.Q(('frozen_at__isnull', False), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='frozen_has_digest'),
        ),
        migrations.AddConstraint(
            model_name='cohortcell',
            constraint=models.UniqueConstraint(fields=('snapshot', 'path'), name='cohort_cell_once'),
        ),
        migrations.AddIndex(
            model_name='bucketrow',
            index=models.Index(fields=['snapshot', 'path', 'student_status'], name='bucket_row_place'),
        ),
        migrations.AddConstraint(
            model_name='bucketrow',
            constraint=models.UniqueConstraint(fields=('snapshot', 'student'), name='one_bucket_a_child'),
        ),
        migrations.AddConstraint(
            model_name='bucketrow',
            constraint=models.CheckConstraint(condition=models.Q(('student_status', 'in_school'), _negated=True), name='no_row_for_in_school'),
        ),
        migrations.AddIndex(
            model_name='snapshotcount',
            index=models.Index(fields=['snapshot', 'level', 'path'], name='cell_level'),
        ),
        migrations.AddConstraint(
            model_name='snapshotcount',
            constraint=models.UniqueConstraint(fields=('snapshot', 'path', 'stage'), name='cell_once'),
        ),
    ]
