import { basename } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { VolumeFileArgs } from "../files/volume-files.ts";
import { configurationFolder } from "./layout.ts";
import type { Upstream, UpstreamCredentials } from "./upstream.ts";

/** The program from which the registry takes its credentials. */
export const credentialHelper = `${configurationFolder}/upstream-credentials`;
/** For SSL_CERT_FILE: Go reads it beside the image's own authorities, which it finds in a folder. */
export const upstreamAuthorityFile = `${configurationFolder}/upstream-ca.crt`;

/** The files that a pull-through cache reads, beside those of every registry. */
export function upstreamFiles({ credentials, authorityPem }: Upstream): VolumeFileArgs[] {
  const helper = {
    name: basename(credentialHelper),
    content: helperScript(credentials),
    mode: 0o500,
    onChange: "reread",
  } as const;
  if (authorityPem === undefined) return [helper];
  return [helper, { name: basename(upstreamAuthorityFile), content: authorityPem, onChange: "restart" }];
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
