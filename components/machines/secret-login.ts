import * as pulumi from "@pulumi/pulumi";
import type { SshLogin } from "./ssh/ssh-login.ts";

/** A login as an input. The whole of it is a secret: it may hold a passphrase and a password. */
export function secretLogin(login: pulumi.Input<Partial<SshLogin>> | undefined): object {
  return login === undefined ? {} : { login: pulumi.secret(login) };
}
