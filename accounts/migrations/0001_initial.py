
import django.db.models.deletion
import django.db.models.functions.text
import regions.clock
import regions.columns
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('regions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=40)),
                ('is_active', models.BooleanField(default=True)),
                ('must_change_password', models.BooleanField(default=True)),
                ('password_at', models.DateTimeField(blank=True, null=True)),
                ('sessions_from', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=regions.clock.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('username'), name='username_any_case')],
            },
        ),
        migrations.CreateModel(
            name='DoorLock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('door', models.CharField(max_length=20)),
                ('scope', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('door', 'scope'), name='door_lock_once')],
            },
        ),
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(default=regions.columns.new_uid, max_length=16, unique=True)),
                ('door', models.CharField(max_length=20)),
                ('filename', models.CharField(max_length=120)),
                ('size', models.PositiveIntegerField(default=0)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('options', models.JSONField(default=dict)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField(default=regions.clock.now)),
                ('applied_at', models.DateTimeField(blank=True, null=True)),
                ('emptied_at', models.DateTimeField(blank=True, null=True)),
                ('summary', models.JSONField(default=dict)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='JobRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('path', regions.columns.PathField()),
                ('on', models.DateField()),
                ('state', models.CharField(choices=[('running', 'running'), ('done', 'done'), ('failed', 'failed')], max_length=8)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('token', models.CharField(max_length=32)),
                ('heartbeat', models.DateTimeField()),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('summary', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('name', 'path', 'on'), name='job_run_once')],
            },
        ),
        migrations.CreateModel(
            name='NumberSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body_path', regions.columns.PathField()),
                ('kind', models.CharField(max_length=16)),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('body_path', 'kind', 'year'), name='series_once')],
            },
        ),
        migrations.CreateModel(
            name='AccessLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=regions.clock.now)),
                ('action', models.CharField(choices=[('list', 'list'), ('view', 'view'), ('reveal', 'reveal'), ('print', 'print'), ('export', 'export'), ('search', 'search')], max_length=10)),
                ('kind', models.CharField(max_length=30)),
                ('uid', models.CharField(blank=True, max_length=40)),
                ('scope', models.CharField(blank=True, max_length=400)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('source', models.CharField(blank=True, max_length=45)),
                ('request_id', models.CharField(blank=True, max_length=36)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'uid', 'at'], name='access_subject')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('uid', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=120)),
                ('media_type', models.CharField(max_length=60)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('file', models.FileField(upload_to=regions.columns.attachment_path)),
                ('added_at', models.DateTimeField(default=regions.clock.now)),
                ('path', regions.columns.PathField(blank=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'uid'], name='attachment_subject')],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entered_at', models.DateTimeField(default=regions.clock.now)),
                ('happened_from', models.DateField(blank=True, null=True)),
                ('happened_to', models.DateField(blank=True, null=True)),
                ('precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('not_later', 'not_later'), ('about', 'about'), ('unknown', 'unknown')], default='day', max_length=10)),
                ('verb', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=30)),
                ('uid', models.CharField(max_length=40)),
                ('path', regions.columns.PathField(blank=True)),
                ('before', models.JSONField(blank=True, default=dict)),
                ('after', models.JSONField(blank=True, default=dict)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['kind', 'uid', 'entered_at'], name='change_subject'), models.Index(fields=['path', 'verb', 'entered_at'], name='change_place')],
            },
        ),
        migrations.CreateModel(
            name='FileClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('door', models.CharField(max_length=20)),
                ('scope', models.CharField(blank=True, max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField(default=regions.clock.now)),
                ('times', models.PositiveIntegerField(default=1)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('door', 'scope', 'digest'), name='file_claimed_once')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=20)),
                ('label', models.CharField(max_length=30)),
                ('set', models.CharField(blank=True, max_length=20)),
                ('line', models.CharField(choices=[('government', '政府'), ('education', '教育'), ('family', '家庭')], max_length=10)),
                ('level', models.CharField(choices=[('county', '县'), ('township', '乡镇'), ('village', '村'), ('school', '学校'), ('class', '班级'), ('child', '学生')], max_length=10)),
                ('order', models.PositiveSmallIntegerField(default=1)),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('source', models.CharField(blank=True, max_length=120)),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.region')),
            ],
            options={
                'ordering': ['line', 'level', 'order'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('county', 'key'), name='one_post_of_a_key'), models.UniqueConstraint(fields=('county', 'key', 'since'), name='post_once'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='post_dates')],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('teacher', '班主任'), ('stand_in', '代班教师'), ('office', '教务处'), ('principal', '校长'), ('central', '中心校'), ('village', '村干部'), ('township', '乡镇控辍专干'), ('leader', '单位负责人'), ('bureau', '县教育体育局'), ('county_office', '县控辍保学专班'), ('inspector', '督学'), ('court', '法院'), ('procuratorate', '检察院'), ('justice', '司法局'), ('police', '公安局'), ('labour', '人社局'), ('system_admin', '系统管理员'), ('security_admin', '安全管理员'), ('audit_admin', '审计管理员'), ('system', '系统任务')], max_length=20)),
                ('path', regions.columns.PathField(blank=True)),
                ('post', models.CharField(blank=True, max_length=20)),
                ('began', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('proposed', '待启用'), ('active', '已启用'), ('refused', '已退回'), ('revoked', '已撤销')], default='proposed', max_length=10)),
                ('granted_at', models.DateTimeField(blank=True, null=True)),
                ('activated_at', models.DateTimeField(blank=True, null=True)),
                ('end_reason', models.CharField(blank=True, max_length=200)),
                ('activated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('granted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='accounts.seat')),
                ('stands_in_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stand_ins', to='accounts.seat')),
                ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='regions.region')),
                ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='regions.school')),
                ('school_class', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='regions.schoolclass')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['path'], name='seat_path'), models.Index(condition=models.Q(('state', 'proposed')), fields=['granted_by'], name='seat_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['active', 'proposed']), ('until', None)), fields=('user', 'role', 'path'), name='seat_once'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('began')), _connector='OR'), name='seat_dates'), models.CheckConstraint(condition=models.Q(('activated_by', None), models.Q(('activated_by', models.F('granted_by')), _negated=True), _connector='OR'), name='seat_activated_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('activated_at', None), ('activated_by', None)), models.Q(('activated_at__isnull', False), ('activated_by__isnull', False)), _connector='OR'), name='seat_activation_whole'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'proposed'), _negated=True), models.Q(('activated_at', None), ('granted_by__isnull', False)), _connector='OR'), name='proposed_seat_waits'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['refused', 'revoked']), _negated=True), ('ended_by__isnull', False), _connector='OR'), name='seat_turned_away_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('role', 'stand_in'), _negated=True), models.Q(('until__isnull', False), ('until__lt', regions.columns.DaysAfter('began', 60))), _connector='OR'), name='stand_in_at_most_60_days'), models.CheckConstraint(condition=models.Q(('stands_in_for', None), ('role', 'stand_in'), _connector='OR'), name='only_a_stand_in_stands_in')],
            },
        ),
        migrations.CreateModel(
            name='CameIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(max_length=64)),
                ('source', models.CharField(blank=True, max_length=45)),
                ('at', models.DateTimeField(default=regions.clock.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'source'), name='came_in_once')],
            },
        ),
        migrations.CreateModel(
            name='TrustedDevice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret_hash', models.CharField(max_length=64, unique=True)),
                ('next_hash', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ('next_at', models.DateTimeField(blank=True, null=True)),
                ('label', models.CharField(max_length=30)),
                ('created_at', models.DateTimeField(default=regions.clock.now)),
                ('expires_on', models.DateField()),
                ('last_used_at', models.DateTimeField(default=regions.clock.now)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trusted_devices', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='WrongTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(max_length=64)),
                ('source', models.CharField(blank=True, max_length=45)),
                ('at', models.DateTimeField(default=regions.clock.now)),
                ('device', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.trusteddevice')),
            ],
            options={
                'indexes': [models.Index(fields=['account', 'at'], name='wrong_try_account'), models.Index(fields=['source', 'at'], name='wrong_try_source')],
            },
        ),
    ]
