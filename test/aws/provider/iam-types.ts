import {
  AddRoleToInstanceProfileCommand,
  CreateAccessKeyCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  ListAccessKeysCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import type { AccessKeyArgs } from "@pulumi/aws/iam/accessKey.js";
import type { InstanceProfileArgs } from "@pulumi/aws/iam/instanceProfile.js";
import type { RoleArgs } from "@pulumi/aws/iam/role.js";
import type { RolePolicyArgs } from "@pulumi/aws/iam/rolePolicy.js";
import type { UserArgs } from "@pulumi/aws/iam/user.js";
import type { UserPolicyArgs } from "@pulumi/aws/iam/userPolicy.js";
import type { PropertyMap } from "../../../lib/protocol/property-value.ts";
import type { AwsType } from "./aws-type.ts";

const user: AwsType<UserArgs> = {
  token: "aws:iam/user:User",
  inputs: ["name", "path", "tags", "forceDestroy"],
  computed: ["arn"],
  replaceOn: ["name", "path", "tags"],
  autoName: "name",
  async create({ iam }, { name, path, tags }) {
    const { User } = await iam.send(
      new CreateUserCommand({ UserName: String(name), Path: String(path ?? "/"), Tags: tagList(tags) }),
    );
    return { id: String(name), outputs: { arn: User?.Arn ?? "" } };
  },
  async read({ iam }, id) {
    const found = await orMissing(iam.send(new GetUserCommand({ UserName: id })));
    return found && { name: id, path: found.User?.Path ?? "/", arn: found.User?.Arn ?? "" };
  },
  async delete({ iam }, id, { forceDestroy }) {
    if (forceDestroy === true) {
      const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: id }));
      for (const { AccessKeyId } of AccessKeyMetadata)
        await iam.send(new DeleteAccessKeyCommand({ UserName: id, AccessKeyId }));
    }
    await iam.send(new DeleteUserCommand({ UserName: id }));
  },
};

const userPolicy: AwsType<UserPolicyArgs> = {
  token: "aws:iam/userPolicy:UserPolicy",
  inputs: ["name", "user", "policy"],
  required: ["user", "policy"],
  computed: [],
  replaceOn: ["name", "user"],
  autoName: "name",
  async create({ iam }, { name, user: owner, policy }) {
    const [UserName, PolicyName] = [String(owner), String(name)];
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument: String(policy) }));
    return { id: `${UserName}:${PolicyName}`, outputs: {} };
  },
  async read({ iam }, id) {
    const [UserName, PolicyName] = id.split(":");
    const found = await orMissing(iam.send(new GetUserPolicyCommand({ UserName, PolicyName })));
    return (
      found && { user: UserName ?? "", name: PolicyName ?? "", policy: decodeURIComponent(found.PolicyDocument ?? "") }
    );
  },
  async update({ iam }, id, { policy }) {
    const [UserName, PolicyName] = id.split(":");
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument: String(policy) }));
  },
  async delete({ iam }, id) {
    const [UserName, PolicyName] = id.split(":");
    await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName }));
  },
};

const accessKey: AwsType<AccessKeyArgs> = {
  token: "aws:iam/accessKey:AccessKey",
  inputs: ["user"],
  required: ["user"],
  computed: ["secret"],
  replaceOn: ["user"],
  secretOutputs: ["secret"],
  async create({ iam }, { user: owner }) {
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: String(owner) }));
    return { id: AccessKey?.AccessKeyId ?? "", outputs: { secret: AccessKey?.SecretAccessKey ?? "" } };
  },
  async delete({ iam }, id, { user: owner }) {
    await iam.send(new DeleteAccessKeyCommand({ UserName: String(owner), AccessKeyId: id }));
  },
};

const role: AwsType<RoleArgs> = {
  token: "aws:iam/role:Role",
  inputs: ["name", "path", "tags", "assumeRolePolicy"],
  required: ["assumeRolePolicy"],
  computed: ["arn"],
  replaceOn: ["name", "path", "tags", "assumeRolePolicy"],
  autoName: "name",
  async create({ iam }, { name, path, tags, assumeRolePolicy }) {
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: String(name),
        Path: String(path ?? "/"),
        Tags: tagList(tags),
        AssumeRolePolicyDocument: String(assumeRolePolicy),
      }),
    );
    return { id: String(name), outputs: { arn: Role?.Arn ?? "" } };
  },
  async delete({ iam }, id) {
    await iam.send(new DeleteRoleCommand({ RoleName: id }));
  },
};

const rolePolicy: AwsType<RolePolicyArgs> = {
  token: "aws:iam/rolePolicy:RolePolicy",
  inputs: ["name", "role", "policy"],
  required: ["role", "policy"],
  computed: [],
  replaceOn: ["name", "role", "policy"],
  autoName: "name",
  async create({ iam }, { name, role: owner, policy }) {
    const [RoleName, PolicyName] = [String(owner), String(name)];
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: String(policy) }));
    return { id: `${RoleName}:${PolicyName}`, outputs: {} };
  },
  async delete({ iam }, id) {
    const [RoleName, PolicyName] = id.split(":");
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
  },
};

const instanceProfile: AwsType<InstanceProfileArgs> = {
  token: "aws:iam/instanceProfile:InstanceProfile",
  inputs: ["name", "path", "tags", "role"],
  computed: ["arn"],
  replaceOn: ["name", "path", "tags", "role"],
  autoName: "name",
  async create({ iam }, { name, path, tags, role: member }) {
    const InstanceProfileName = String(name);
    const { InstanceProfile } = await iam.send(
      new CreateInstanceProfileCommand({ InstanceProfileName, Path: String(path ?? "/"), Tags: tagList(tags) }),
    );
    await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: String(member) }));
    return { id: InstanceProfileName, outputs: { arn: InstanceProfile?.Arn ?? "" } };
  },
  async delete({ iam }, id, { role: member }) {
    const place = { InstanceProfileName: id };
    await iam.send(new RemoveRoleFromInstanceProfileCommand({ ...place, RoleName: String(member) }));
    await iam.send(new DeleteInstanceProfileCommand(place));
  },
};

/** Users and roles, their rights and keys. */
export const iamTypes: AwsType[] = [user, userPolicy, accessKey, role, rolePolicy, instanceProfile];

function tagList(tags: PropertyMap[string] | undefined): { Key: string; Value: string }[] {
  return Object.entries((tags ?? {}) as Record<string, string>).map(([Key, Value]) => ({ Key, Value }));
}

async function orMissing<Answer>(request: Promise<Answer>): Promise<Answer | undefined> {
  return await request.catch((error: Error) => {
    if (error.name === "NoSuchEntityException") return undefined;
    throw error;
  });
}
