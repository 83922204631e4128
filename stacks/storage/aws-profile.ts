import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Problem } from "../../lib/validation/describe-issues.ts";
import type { Settings } from "../settings/settings.ts";

interface Keys {
  accessKey: string;
  secretKey: string;
  sessionToken?: string;
}

/** Settings with the keys of the AWS profile that `storage.s3.profile` names, or why there are none. */
export function withAwsProfile(settings: Settings, home = homedir()): { settings: Settings; problems: Problem[] } {
  const { storage } = settings;
  const profile = "objects" in storage && storage.objects.driver === "s3" ? storage.objects.profile : undefined;
  if (profile === undefined || !("objects" in storage)) return { settings, problems: [] };
  const keys = readKeys(profile, home);
  if (typeof keys === "string") return { settings, problems: [{ path: "storage.s3.profile", reason: keys }] };
  const hasSessionToken = keys.sessionToken !== undefined;
  return {
    settings: {
      ...settings,
      storage: { ...storage, objects: { ...storage.objects, ...keys }, hasSessionToken } as Settings["storage"],
    },
    problems: [],
  };
}

/** The keys of a profile; a text: why there are none. */
function readKeys(profile: string, home: string): Keys | string {
  const given = JSON.stringify(profile);
  const files = [
    { path: join(home, ".aws", "credentials"), section: profile },
    { path: join(home, ".aws", "config"), section: profile === "default" ? profile : `profile ${profile}` },
  ];
  const sections = files.flatMap(({ path, section }) =>
    existsSync(path) ? [sectionOf(readFileSync(path, "utf8"), section)] : [],
  );
  const values = Object.assign({}, ...sections.toReversed()) as Record<string, string>;
  if (sections.every((section) => section === undefined))
    return `is ${given}, which is not in ~/.aws/credentials: name a profile that is there (aws configure list-profiles)`;
  const { aws_access_key_id: accessKey, aws_secret_access_key: secretKey, aws_session_token: sessionToken } = values;
  if (!accessKey || !secretKey)
    return `is ${given}, which has no keys in ~/.aws/credentials: one that signs in or takes a role cannot be used; write its keys there (aws configure export-credentials), or give the host a role`;
  return { accessKey, secretKey, ...(sessionToken ? { sessionToken } : {}) };
}

function sectionOf(text: string, name: string): Record<string, string> | undefined {
  let current: string | undefined;
  let found: Record<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, header] = /^\s*\[\s*(.+?)\s*\]\s*([#;].*)?$/.exec(line) ?? [];
    if (header !== undefined) {
      current = header;
      if (header === name) found ??= {};
      continue;
    }
    const [, key, value] = /^\s*([a-z_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (current === name && found && key !== undefined && value !== undefined) found[key] = value;
  }
  return found;
}
