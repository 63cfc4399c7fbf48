"""The printed schema: complete in words, of one shape, and committed as it is."""

from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    build_schema,
)

from schema.schema import schema

PRINTED = Path(__file__).parents[2] / "schema.graphql"
BUILT_IN = {"String", "Int", "Float", "Boolean", "ID"}
SDL = build_schema(schema.as_str())
OWN: list[GraphQLNamedType] = [kind for name, kind in SDL.type_map.items() if not name.startswith("__")]
WITH_FIELDS = [kind for kind in OWN if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)]
MUTATION = SDL.mutation_type
QUERY = SDL.query_type
SUBSCRIPTION = SDL.subscription_type
assert MUTATION
assert QUERY
assert SUBSCRIPTION


def test_the_committed_schema_is_current() -> None:
    assert PRINTED.read_text(encoding="utf-8") == schema.as_str() + "\n"


def test_everything_carries_a_description() -> None:
    silent = [kind.name for kind in OWN if not kind.description and kind.name not in BUILT_IN]
    for kind in OWN:
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                silent += [] if field.description else [f"{kind.name}.{name}"]
                silent += [
                    f"{kind.name}.{name}({arg})" for arg, it in field.args.items() if not it.description
                ]
        if isinstance(kind, GraphQLInputObjectType):
            silent += [f"{kind.name}.{name}" for name, it in kind.fields.items() if not it.description]
        if isinstance(kind, GraphQLEnumType):
            silent += [f"{kind.name}.{name}" for name, it in kind.values.items() if not it.description]
    assert silent == []


def test_every_own_scalar_says_where_it_is_specified() -> None:
    scalars = {kind.name: kind for kind in OWN if isinstance(kind, GraphQLScalarType)}
    assert scalars.keys() - BUILT_IN == {"Date", "DateTime", "Domain", "IPv4", "FilingNumber", "JSON"}
    assert all(kind.specified_by_url for name, kind in scalars.items() if name not in BUILT_IN)


WITHOUT_WORDS = {"createCaptcha", "logout", "logoutEverywhere"}


@pytest.mark.parametrize("name", MUTATION.fields)
def test_a_mutation_takes_one_input_and_gives_a_nullable_payload_with_errors(name: str) -> None:
    field, capital = MUTATION.fields[name], name[0].upper() + name[1:]
    assert list(field.args) == ["input"]
    assert str(field.args["input"].type) == f"{capital}Input" + ("" if name in WITHOUT_WORDS else "!")
    assert isinstance(field.type, GraphQLObjectType)
    assert field.type.name == f"{capital}Payload"
    assert str(field.type.fields["errors"].type) == "[UserError!]!"
    assert all(
        not isinstance(it.type, GraphQLNonNull) for key, it in field.type.fields.items() if key != "errors"
    )


WITHOUT_KEY = {
    *("createCaptcha", "register", "login", "logout", "logoutEverywhere"),
    *("requestPasswordReset", "resetPassword", "revealField"),
}


@pytest.mark.parametrize("name", MUTATION.fields)
def test_a_mutation_takes_an_idempotency_key_where_the_contract_says_so(name: str) -> None:
    given = SDL.type_map[f"{name[0].upper()}{name[1:]}Input"]
    assert isinstance(given, GraphQLInputObjectType)
    assert ("idempotencyKey" in given.fields) is (name not in WITHOUT_KEY)


def test_connections_have_edges_nodes_page_info_and_totals() -> None:
    connections = [kind for kind in WITH_FIELDS if kind.name.endswith("Connection")]
    assert {kind.name for kind in connections} == {
        "SubjectConnection",
        "WebsiteConnection",
        "AccessConnection",
        "FilingConnection",
        "FilingEventConnection",
        "AccountConnection",
        "ArticleConnection",
        "JointActConnection",
        "UndeliveredPasswordConnection",
    }
    for kind in connections:
        assert set(kind.fields) == {"edges", "nodes", "pageInfo", "totalCount", "totalCountIsExact"}


def test_whatever_gives_a_connection_takes_the_four_arguments_of_paging() -> None:
    for kind in WITH_FIELDS:
        for name, field in kind.fields.items():
            if str(field.type).rstrip("!").endswith("Connection"):
                assert {"first", "after", "last", "before"} <= set(field.args), f"{kind.name}.{name}"


def test_no_list_of_nodes_is_without_a_bound() -> None:
    bounded = {"openFilings", "targets", "lookers"}  # one open filing a subject; what one is about; twenty
    for kind in WITH_FIELDS:
        for name, field in kind.fields.items():
            inner = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
            if not isinstance(inner, GraphQLList) or kind.name.endswith("Connection"):
                continue
            item = inner.of_type.of_type if isinstance(inner.of_type, GraphQLNonNull) else inner.of_type
            is_node = item.name == "Node" or (
                isinstance(item, GraphQLObjectType) and "Node" in {face.name for face in item.interfaces}
            )
            assert not is_node or name in bounded, f"{kind.name}.{name}"


def test_the_nodes_are_the_nouns() -> None:
    nodes = {kind.name for kind in OWN if isinstance(kind, GraphQLObjectType) and kind.interfaces}
    assert nodes == {"Subject", "Website", "Access", "Filing", "Account", "Article"}


PROMISED = {
    "Subject": "id version status origin archived mode owner name unitNature certificateType certificateNumber "
    "certificateAddress investor division address principal remark filingNumber proposed attachments openFiling "
    "openFilings websites filings timeline permittedActions",
    "Website": "id version status origin archived subject name homeUrl domains serviceContents languages preApprovals "
    "principal remark attachments filingNumber proposed access otherAccesses openFilings permittedActions",
    "Access": "id version status website methods serverLocations ipRanges proposed openFilings permittedActions",
    "Filing": "id version kind status mode subject target targets owner filedBy reviewer claimedUntil approvalsNeeded "
    "approvals submittedAt dueAt revision revisions changes notes findings timeline cancellationReason "
    "cancellationRemark permittedActions authority reports",
    "AuthorityReport": "number revision file sequence state messageCode resultCodes decision opinion sentAt decidedAt "
    "lastPollAt",
    "PermittedAction": "action summary allowed blockedBy",
    "Finding": "rule severity path message suggestion source",
    "FilingCheck": "filing findings submittable rulesVersion",
    "FilingEvent": "id cursor subject filing record action before after revision at actor note notes",
    "Revision": "number submittedAt submittedBy rulesVersion data",
    "Note": "id revision path rule text suggestion blocking state reply at",
    "FieldChange": "path before after",
    "Contact": "name officePhone mobile email certificateType certificateNumber",
    "Code": "table code name nameEn active",
    "Division": "code name level parent",
    "WebsiteDomain": "id name status",
    "PreApproval": "type number attachments",
    "Attachment": "id use filename mediaType sizeBytes width height uploadedAt url",
    "OtherAccess": "provider methods ipRanges",
    "SubjectProposal": "filing baseVersion changes name unitNature certificateType certificateNumber "
    "certificateAddress investor division address principal remark",
    "WebsiteProposal": "filing baseVersion changes name homeUrl domains serviceContents languages preApprovals "
    "principal remark",
    "AccessProposal": "filing baseVersion changes methods serverLocations ipRanges",
    "IpRange": "start end",
    "Account": "id username email role disabled",
    "ResultCode": "code meaning",
    "Approval": "by at note",
    "Viewer": "account role scopes",
    "Site": "provider telephone serviceHours licence filingNumber copyrightYears manualUrl",
    "Article": "id title body publisher publishedAt viewCount",
    "UserError": "code message path rule suggestion severity blockingId currentVersion retryAfter",
    "CreateCaptchaPayload": "captchaId imageUrl expiresAt",
    "CreateApiTokenPayload": "token apiToken",
    "RevealFieldPayload": "value",
}


@pytest.mark.parametrize("name", PROMISED)
def test_a_type_has_the_promised_fields(name: str) -> None:
    kind = SDL.type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    assert set(PROMISED[name].split()) <= set(kind.fields)


PROMISED_INPUTS = {
    "ContactInput": "name officePhone mobile email certificateType certificateNumber",
    "PreApprovalInput": "type number fileIds",
    "CreateSubjectInput": "ownerId name unitNature certificateType certificateNumber certificateAddress investor "
    "division address principal remark websites idempotencyKey",
    "AddWebsiteInput": "subjectId version filingId name homeUrl domains serviceContents languages preApprovals "
    "principal remark access idempotencyKey",
    "AddAccessInput": "websiteId version methods serverLocations ipRanges idempotencyKey",
    "IpRangeInput": "start end",
    "SubmitFilingInput": "id version filingPassword idempotencyKey",
    "ApproveFilingInput": "id version revision note idempotencyKey",
    "ReturnFilingInput": "id version revision message notes idempotencyKey",
    "NoteInput": "path rule text suggestion blocking",
    "WithdrawFilingInput": "id version idempotencyKey",
    "RestoreFilingInput": "id version filingPassword idempotencyKey",
    "PullBackFilingInput": "id version revision idempotencyKey",
    "ReportFilingAgainInput": "id version revision idempotencyKey",
    "ClaimNextFilingInput": "idempotencyKey",
    "ReplyToNoteInput": "id text idempotencyKey",
    "RevealFieldInput": "id path reason",
    "CreateApiTokenInput": "name scopes days idempotencyKey",
    "RegisterInput": "username password email captchaId captchaAnswer",
    "LoginInput": "username password captchaId captchaAnswer",
    "SetRoleInput": "accountId role idempotencyKey",
    "RecordReportInput": "id version reportedAt idempotencyKey",
    "RecordAuthorityResultInput": "id version outcome resultCodes opinion decidedAt subjectNumber websites "
    "idempotencyKey",
    "AttachFileInput": "ownerId version fileId use remark idempotencyKey",
    "DetachFileInput": "id version idempotencyKey",
    "StartChangeInput": "subjectId targetIds filingPassword idempotencyKey",
    "AddChangeTargetInput": "id version targetId idempotencyKey",
    "StartAddWebsiteInput": "subjectId filingPassword idempotencyKey",
    # filed here (websiteId) or through another provider (its number, and what stands there), for a customer too
    "StartAddAccessInput": "websiteId websiteFilingNumber filingPassword subject website ownerId methods "
    "serverLocations ipRanges idempotencyKey",
    "CancelAccessInput": "id version reason remark filingPassword idempotencyKey",
    "CancelWebsiteInput": "id version reason remark filingPassword idempotencyKey",
    "CancelSubjectInput": "id version reason remark filingPassword idempotencyKey",
    "UpdateCancellationInput": "id version reason remark idempotencyKey",
    "ReadArticleInput": "id idempotencyKey",
    "ResetFilingPasswordInput": "subjectId reason deliverTo documentIds idempotencyKey",
    "TransferSubjectInput": "subjectId version ownerId reason idempotencyKey",
    "InviteCustomerInput": "email username idempotencyKey",
    "CorrectFilingNumberInput": "id version number reason idempotencyKey",
    "CreatePasswordGrantInput": "subjectId filingPassword actions minutes idempotencyKey",
    "SubjectFilter": "search status filingStatus mode ownerId division filingNumber certificateNumber domain archived",
    "FilingFilter": "status kind mode ownerId reviewerId subjectId overdue submittedAfter submittedBefore "
    "search",
}


@pytest.mark.parametrize("name", PROMISED_INPUTS)
def test_an_input_has_the_promised_fields(name: str) -> None:
    kind = SDL.type_map[name]
    assert isinstance(kind, GraphQLInputObjectType)
    assert set(kind.fields) == set(PROMISED_INPUTS[name].split())


def test_the_roots_are_those_that_are_served_so_far() -> None:
    assert set(QUERY.fields) == {
        *(
            "viewer",
            "node",
            "subject",
            "subjects",
            "website",
            "websites",
            "access",
            "accesses",
            "filing",
            "filings",
        ),
        *("checkFiling", "codes", "divisions", "site", "apiTokens", "accounts"),
        *("figures", "similarRecords", "articles", "article"),
        *("customer", "jointActs", "passwordGrants"),
        *("calendarDays", "cannedReasons", "mayServe", "allowedHosts", "undeliveredPasswords"),
    }
    assert set(MUTATION.fields) == {
        *("readArticle", "publishArticle", "updateArticle", "withdrawArticle"),
        *("createCaptcha", "register", "login", "logout", "logoutEverywhere", "requestPasswordReset"),
        *("resetPassword", "changePassword", "createApiToken", "revokeApiToken", "setRole", "disableAccount"),
        *("enableAccount", "createSubject", "updateSubject", "addWebsite", "updateWebsite", "removeWebsite"),
        *("addAccess", "updateAccess", "removeAccess", "submitFiling", "withdrawFiling", "dropFiling"),
        *("restoreFiling", "cloneFiling", "replyToNote", "claimFiling", "releaseFiling", "claimNextFiling"),
        *("approveFiling", "returnFiling", "pullBackFiling", "reportFilingAgain", "recordReport"),
        *("recordAuthorityResult", "revealField"),
        *(
            "inviteCustomer",
            "transferSubject",
            "resetFilingPassword",
            "correctFilingNumber",
            "confirmJointAct",
        ),
        *("rejectJointAct", "createPasswordGrant", "revokePasswordGrant"),
        *("startChange", "addChangeTarget", "startAddWebsite", "startAddAccess", "cancelAccess"),
        *("cancelWebsite", "cancelSubject", "updateCancellation", "attachFile", "detachFile"),
        *("lookAtFiling", "stopLooking", "setCalendarDay", "markSeen"),
        *("createCannedReason", "updateCannedReason", "removeCannedReason"),
    }
    assert set(SUBSCRIPTION.fields) == {"filingEvents", "gateChanges"}
    assert set(SUBSCRIPTION.fields["filingEvents"].args) == {"filingId", "subjectId", "after"}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("RecordStatus", "DRAFT FILED CANCELLED"),
        ("RecordOrigin", "HERE ELSEWHERE"),
        (
            "FilingKind",
            "NEW_FILING ADD_WEBSITE ADD_ACCESS CHANGE CANCEL_ACCESS CANCEL_WEBSITE CANCEL_SUBJECT",
        ),
        ("GateReason", "FILED NOT_FILED NOT_APPROVED NO_ACCESS IP_MISMATCH CANCELLED BLACKLISTED"),
        ("GateVerdict", "ALLOW DENY GRACE"),
        ("FilingStatus", "DRAFT SUBMITTED RETURNED ACCEPTED AT_AUTHORITY REFUSED APPROVED ABANDONED VOIDED"),
        ("FilingMode", "SELF ON_BEHALF"),
        ("Role", "APPLICANT REVIEWER ADMIN AUDITOR"),
        ("Severity", "ERROR WARNING INFO"),
        ("NoteState", "OPEN CHANGED ANSWERED"),
        ("TokenScope", "READ FILE REVIEW ADMIN GATE"),
        ("ReportState", "WAITING SENDING UNKNOWN ACCEPTED REJECTED DECIDED COMPLETE"),
        ("FilingOrder", "DUE SUBMITTED CREATED"),
        ("SubjectOrder", "CREATED UPDATED NAME"),
        ("AuthorityOutcome", "APPROVED REFUSED PROCESSING_ERROR"),
        (
            "ErrorCode",
            "NOT_FOUND NOT_PERMITTED WRONG_STATE STALE_VERSION FINDINGS WRONG_FILING_PASSWORD FILING_PASSWORD_REQUIRED "
            "AUTHORITY_UNAVAILABLE THROTTLED WRONG_CREDENTIALS WRONG_CAPTCHA DUPLICATE COEXISTENCE INVALID "
            "IDEMPOTENCY_KEY_REUSED IDEMPOTENCY_IN_PROGRESS",
        ),
    ],
)
def test_an_enum_has_exactly_the_promised_values(name: str, values: str) -> None:
    kind = SDL.type_map[name]
    assert isinstance(kind, GraphQLEnumType)
    assert list(kind.values) == values.split()
