"""Moto's server for tests: HTTPS and plain HTTP at once on the same account, on free ports, which it prints.

Moto 5.2.5 evaluates no conditions of policies, and takes a statement whose condition it does not know for one that
applies. It checks a deletion of many objects against the bucket. Here both are as Amazon documents it, as far as the
kit's policies go: aws:SecureTransport, s3:prefix, each object that is deleted, and the key of a request to KMS. Nor does it look at a web identity's token
or at the role's trust in it: here the claims (not the signature: there is no issuer) are held against the trust policy.
"""

import base64
import json
import re
import sys
import threading

import flask
import xmltodict
from moto.core.exceptions import AccessDeniedError
from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.iam.models import iam_backends
from moto.kms.responses import KmsResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.s3.models import FakeDeleteMarker
from moto.s3.responses import S3Response
from moto.sts.responses import TokenResponse
from werkzeug.serving import make_server


def condition_holds(operator, key, expected):
    request = flask.request
    values = {"aws:SecureTransport": "true" if request.is_secure else "false"}
    if request.args.get("prefix") is not None:
        values["s3:prefix"] = request.args["prefix"]
    actual = values.get(key)
    if operator == "StringLikeIfExists" and actual is None:
        return True
    if operator in ("StringLike", "StringLikeIfExists"):
        return actual is not None and re.fullmatch(re.escape(expected).replace(r"\*", ".*"), actual) is not None
    if operator == "Bool":
        return actual == expected
    raise NotImplementedError(operator)


without_conditions = IAMPolicyStatement.is_action_permitted


def is_action_permitted(self, *arguments, **named):
    conditions = self._statement.get("Condition")
    if conditions:
        pairs = [(operator, *pair) for operator, given in conditions.items() for pair in given.items()]
        if not all(condition_holds(*pair) for pair in pairs):
            return PermissionResult.NEUTRAL
        self._statement = {key: value for key, value in self._statement.items() if key != "Condition"}
    return without_conditions(self, *arguments, **named)


IAMPolicyStatement.is_action_permitted = is_action_permitted

authorize = S3Response._authenticate_and_authorize_s3_action


def authorize_each(self, bucket_name=None, key_name=None):
    if key_name is None and self.data.get("Action") == "DeleteObject":
        objects = xmltodict.parse(self.body, force_list=("Object",))["Delete"]["Object"]
        for one in objects:
            authorize(self, bucket_name=bucket_name, key_name=one["Key"])
    else:
        authorize(self, bucket_name=bucket_name, key_name=key_name)


S3Response._authenticate_and_authorize_s3_action = authorize_each

# Without it, a policy that names a key allows nothing.
KmsResponse._determine_resource = lambda self: self._display_arn(self._get_param("KeyId") or "*")

authorize_signed = TokenResponse._authenticate_and_authorize_normal_action


def trusts(statement, claims):
    issuer = claims["iss"].removeprefix("https://")
    conditions = statement.get("Condition", {}).get("StringEquals", {})
    return (
        statement["Action"] == "sts:AssumeRoleWithWebIdentity"
        and statement["Principal"].get("Federated", "").endswith(f":oidc-provider/{issuer}")
        and all(claims.get(key.removeprefix(f"{issuer}:")) == value for key, value in conditions.items())
    )


def authorize_token(self, resource="*"):
    if self._get_action() != "AssumeRoleWithWebIdentity":
        return authorize_signed(self, resource)
    arn, token = self._get_param("RoleArn"), self._get_param("WebIdentityToken")
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    role = iam_backends[self.current_account][self.partition].get_role_by_arn(arn)
    if not any(trusts(statement, claims) for statement in json.loads(role.assume_role_policy_document)["Statement"]):
        raise AccessDeniedError(user_arn=claims["sub"], action="sts:AssumeRoleWithWebIdentity")


TokenResponse._authenticate_and_authorize_normal_action = authorize_token

# It fails where the last version of an object is the mark that it was deleted.
FakeDeleteMarker.dispose = lambda self: None

host, certificate, key = sys.argv[1:4]
application = DomainDispatcherApplication(create_backend_app)
tls, plain = (
    make_server(host, 0, application, threaded=True, request_handler=MotoRequestHandler, ssl_context=context)
    for context in ((certificate, key), None)
)
threading.Thread(target=plain.serve_forever, daemon=True).start()
print(json.dumps({"tls": tls.port, "plain": plain.port}), flush=True)
tls.serve_forever()
