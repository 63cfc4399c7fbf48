"""After the first approval: targets, proposals, proofs and grants, documents, articles, the desk, acts of two people."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.migration_operations import DescribeField, Together
from models.fields import EncryptedText, UTCDatetime
from models.gate import GateReason, GateVerdict
from models.states import FilingAction, JointKind, JointState
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0002_indexes')]

    initial = False

    operations = [Together([
        ops.CreateModel(
            name='Article',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('version', fields.IntField(default=1)),
                ('slug', fields.CharField(null=True, unique=True, max_length=64)),
                ('title', fields.CharField(max_length=200)),
                ('body', fields.TextField(unique=False)),
                ('publisher', fields.CharField(max_length=64)),
                ('published_at', UTCDatetime(db_index=True, auto_now=False, auto_now_add=False)),
                ('updated_at', UTCDatetime(auto_now=False, auto_now_add=False)),
                ('withdrawn', fields.BooleanField(default=False)),
                ('view_count', fields.BigIntField(default=0)),
            ],
            options={'table': 'article', 'app': 'models', 'pk_attr': 'id', 'table_description': '`slug` names what was shipped with the system, None for what an administrator wrote.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('day', fields.DateField(unique=True)),
                ('working', fields.BooleanField(null=True)),
                ('remark', fields.CharField(null=True, max_length=100)),
                ('changed_at', UTCDatetime(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'calendar_day', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A day that is worked, or not, otherwise than the shipped calendar says (工作日历), null: as shipped again.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CannedReason',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('version', fields.IntField(default=1)),
                ('rule', fields.CharField(null=True, max_length=32)),
                ('text', fields.CharField(max_length=2000)),
                ('suggestion', fields.CharField(null=True, max_length=1000)),
                ('blocking', fields.BooleanField(default=True)),
                ('active', fields.BooleanField(default=True)),
                ('position', fields.IntField(default=0)),
                ('updated_at', UTCDatetime(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'canned_reason', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A ready-made reason for a return (常用退回意见), tied to the rule that it is about where there is one.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='FilingClaim',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('filing', fields.ForeignKeyField('models.Filing', source_field='filing_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('name', fields.CharField(db_index=True, max_length=600)),
            ],
            options={'table': 'filing_claim', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A name (domain, home page, certificate) that a change on its way claims, which no record shows yet.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='FilingProof',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('filing', fields.ForeignKeyField('models.Filing', source_field='filing_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('account', fields.ForeignKeyField('models.Account', source_field='account_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('generation', fields.IntField()),
                ('travelling', EncryptedText(null=True, unique=False)),
                ('created_at', UTCDatetime(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'filing_proof', 'app': 'models', 'unique_together': (('filing', 'account'),), 'pk_attr': 'id', 'table_description': 'That an account knew the filing password for this filing. It counts for the generation it was given for.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='GateChange',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('key', fields.CharField(max_length=255)),
                ('decision', fields.CharEnumField(description='what is told', enum_type=GateVerdict, max_length=8)),
                ('reason', fields.CharEnumField(description='and why', enum_type=GateReason, max_length=16)),
                ('filing_number', fields.CharField(null=True, max_length=40)),
                ('at', UTCDatetime(auto_now=False, auto_now_add=False)),
                ('denied_at', UTCDatetime(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'gate_change', 'app': 'models', 'pk_attr': 'id', 'table_description': 'One change of a decision, written in the transaction that made it, and ordered like the events.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='GateHost',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('key', fields.CharField(unique=True, max_length=255)),
                ('subject', fields.ForeignKeyField('models.Subject', source_field='subject_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('decision', fields.CharEnumField(default=GateVerdict.DENY, description='what was told', enum_type=GateVerdict, max_length=8)),
                ('reason', fields.CharEnumField(default=GateReason.NOT_FILED, description='and why', enum_type=GateReason, max_length=16)),
                ('filing_number', fields.CharField(null=True, max_length=40)),
                ('changed_at', UTCDatetime(auto_now=False, auto_now_add=False)),
                ('denied_at', UTCDatetime(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'gate_host', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A registrable domain (独立域名) that is or was filed, with what was last told of it and since when.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='JointAct',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('kind', fields.CharEnumField(description='what is asked for', enum_type=JointKind, max_length=24)),
                ('state', fields.CharEnumField(default=JointState.WAITING, description='WAITING: WAITING\nCONFIRMED: CONFIRMED\nREJECTED: REJECTED\nEXPIRED: EXPIRED', enum_type=JointState, max_length=16)),
                ('subject', fields.ForeignKeyField('models.Subject', source_field='subject_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('reason', fields.CharField(max_length=500)),
                ('answer', fields.CharField(null=True, max_length=500)),
                ('detail', EncryptedText(null=True, unique=False)),
                ('asked_by', fields.ForeignKeyField('models.Account', source_field='asked_by_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('decided_by', fields.ForeignKeyField('models.Account', source_field='decided_by_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', UTCDatetime(auto_now=False, auto_now_add=False)),
                ('expires_at', UTCDatetime(auto_now=False, auto_now_add=False)),
                ('decided_at', UTCDatetime(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'joint_act', 'app': 'models', 'indexes': [Index(fields=['state', 'id'])], 'pk_attr': 'id', 'table_description': '`detail` is what was asked as JSON, encrypted, and scrubbed (None) once it is decided.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='OtherAccess',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('website', fields.ForeignKeyField('models.Website', source_field='website_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('authority_id', fields.BigIntField()),
                ('provider', fields.CharField(max_length=32)),
                ('methods', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('ip_ranges', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'other_access', 'app': 'models', 'unique_together': (('website', 'authority_id'),), 'pk_attr': 'id', 'table_description': 'An access of this website at another provider (其他接入), as the authority last told of it.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PasswordGrant',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('public_id', fields.CharField(unique=True, max_length=16)),
                ('secret_hash', fields.CharField(max_length=64)),
                ('subject', fields.ForeignKeyField('models.Subject', source_field='subject_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('account', fields.ForeignKeyField('models.Account', source_field='account_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('generation', fields.IntField()),
                ('actions', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('expires_at', UTCDatetime(auto_now=False, auto_now_add=False)),
                ('revoked_at', UTCDatetime(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', UTCDatetime(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'password_grant', 'app': 'models', 'pk_attr': 'id', 'table_description': 'Leave to act with a filing password without knowing it: for some actions, for a short time, for whoever holds it.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Presence',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('account', fields.ForeignKeyField('models.Account', source_field='account_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('filing', fields.ForeignKeyField('models.Filing', source_field='filing_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('until', UTCDatetime(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'presence', 'app': 'models', 'unique_together': (('account', 'filing'),), 'pk_attr': 'id', 'table_description': 'That a member of the staff has a filing open, until a moment soon to come.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='StoredFile',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('account', fields.ForeignKeyField('models.Account', source_field='account_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('place', fields.CharField(unique=True, max_length=64)),
                ('sha256', fields.CharField(max_length=64)),
                ('media_type', fields.CharField(max_length=32)),
                ('size_bytes', fields.IntField()),
                ('width', fields.IntField()),
                ('height', fields.IntField()),
                ('filename', fields.CharField(null=True, max_length=255)),
                ('unattached_since', UTCDatetime(null=True, db_index=True, auto_now=False, auto_now_add=False)),
                ('created_at', UTCDatetime(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'stored_file', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A picture as it was re-encoded. Its bytes lie encrypted outside the database, under its id.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Attachment',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('file', fields.ForeignKeyField('models.StoredFile', source_field='file_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('record', fields.CharField(db_index=True, max_length=32)),
                ('filing_id', fields.BigIntField(null=True, db_index=True)),
                ('paper', fields.CharField(null=True, max_length=64)),
                ('use', fields.CharField(max_length=8)),
                ('remark', fields.CharField(null=True, max_length=256)),
                ('created_at', UTCDatetime(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'attachment', 'app': 'models', 'pk_attr': 'id', 'table_description': "A file attached to a subject or website, by the record's node id, for one use. A file may be attached often."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Target',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('filing', fields.ForeignKeyField('models.Filing', source_field='filing_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('record', fields.CharField(db_index=True, max_length=32)),
                ('base', EncryptedText(null=True, unique=False)),
                ('base_version', fields.IntField(null=True)),
                ('proposal', EncryptedText(null=True, unique=False)),
                ('submitted', fields.BooleanField(default=False)),
            ],
            options={'table': 'filing_target', 'app': 'models', 'unique_together': (('filing', 'record'),), 'pk_attr': 'id', 'table_description': 'A record that a filing is about, by its node id. A first filing is about its subject and needs no row.'},
            bases=['Model'],
        ),
    ]), Together([
        ops.AddField(
            model_name='Access',
            name='provider_id',
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name='Account',
            name='seen_event',
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name='Filing',
            name='cancellation_reason',
            field=fields.CharField(null=True, max_length=8),
        ),
        ops.AddField(
            model_name='Filing',
            name='cancellation_remark',
            field=fields.CharField(null=True, max_length=1000),
        ),
        DescribeField(
            model_name='FilingEvent',
            name='action',
            field=fields.CharEnumField(description='what was done', enum_type=FilingAction, max_length=32),
        ),
        ops.AddField(
            model_name='Subject',
            name='claimed_number',
            field=fields.CharField(null=True, max_length=32),
        ),
        ops.AddField(
            model_name='Subject',
            name='password_restricted',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Subject',
            name='principal_mobile_index',
            field=fields.CharField(null=True, db_index=True, max_length=32),
        ),
        ops.AddField(
            model_name='Website',
            name='claimed_number',
            field=fields.CharField(null=True, max_length=40),
        ),
        ops.AddField(
            model_name='Website',
            name='principal_mobile_index',
            field=fields.CharField(null=True, db_index=True, max_length=32),
        ),
    ])]
