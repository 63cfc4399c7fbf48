"""The columns of a principal (负责人), which a subject and a website each carry."""

from tortoise import fields
from tortoise.models import Model

from models.fields import EncryptedText


class PrincipalColumns(Model):
    """Phones and the certificate number stand encrypted, lengths are checked before they are sealed."""

    principal_name = fields.CharField(max_length=128, null=True)
    principal_office_phone = EncryptedText(null=True)
    principal_mobile = EncryptedText(null=True)
    # blind index of the first number, None too for rows that were written before there was one
    principal_mobile_index = fields.CharField(max_length=32, null=True, db_index=True)
    principal_email = fields.CharField(max_length=128, null=True)
    principal_certificate_type = fields.CharField(max_length=8, null=True)
    principal_certificate_number = EncryptedText(null=True)

    class Meta:
        abstract = True
