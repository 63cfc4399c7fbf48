"""What is typed of a document (附件)."""

import strawberry

from schema.inputs.request import Keyed, Versioned, optional, required


@strawberry.input(description="Attach an uploaded file to a record that is being edited. 添加附件")
class AttachFileInput(Keyed):
    """A file, a record and a use."""

    owner_id: strawberry.ID = required(
        "The subject or website that it proves something of. 所属主体或网站标识"
    )
    version: int = required("The record's version as you saw it; attaching raises it. 版本")
    file_id: strawberry.ID = required("The file, as `POST /files` answered its id. 文件标识")
    use: str = required("A code of table attachment_use. 附件用途")
    remark: str | None = optional("A remark, of at most 256 characters. 备注")


@strawberry.input(description="Take a document away; `version` is that of its subject or website. 移除附件")
class DetachFileInput(Versioned):
    """The attachment to take away."""
