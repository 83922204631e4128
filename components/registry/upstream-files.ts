import * as pulumi from "@pulumi/pulumi";
import type { UpstreamSpec } from "./configuration/configuration-spec.ts";
import type { RegistryFile } from "./registry-file.ts";
import type { Upstream, UpstreamCredentials } from "./upstream.ts";

/** The program from which the registry takes its credentials. */
const helperName = "upstream-credentials";
/** For SSL_CERT_FILE: Go reads it beside the image's own authorities, which it finds in a folder. */
export const upstreamAuthorityName = "upstream-ca.crt";

/** What the configuration says of an upstream, with the files in this folder. */
export function upstreamSpec({ url, ttl }: Upstream, folder: string): UpstreamSpec {
  return { url, ttl, credentialHelper: `${folder}/${helperName}` };
}

/** The files that a pull-through cache reads, beside those of every registry. */
export function upstreamFiles({ credentials, authorityPem }: Upstream): RegistryFile[] {
  const helper = { name: helperName, content: helperScript(credentials), mode: 0o500, onChange: "reread" } as const;
  if (authorityPem === undefined) return [helper];
  return [helper, { name: upstreamAuthorityName, content: authorityPem, onChange: "restart" }];
}

/**
 * Answers as a Docker credential helper does, whatever it is asked: JSON with `Username` and `Secret`. It reads nothing and
 * holds the credentials itself. Empty ones stand for nobody in particular.
 */
function helperScript(credentials: pulumi.Input<UpstreamCredentials> | undefined): pulumi.Output<string> {
  const given = credentials ? pulumi.secret(credentials) : pulumi.output({ username: "", password: "" });
  // JSON is one line that can't be the end mark, and in a quoted here-document the shell touches nothing.
  return given.apply(
    ({ username, password }) =>
      `#!/bin/sh\ncat <<'END'\n${JSON.stringify({ Username: username, Secret: password })}\nEND\n`,
  );
}
