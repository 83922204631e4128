import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { registryAuth } from "../../components/registry/registry-auth.ts";

it("The credentials of a service that pulls from a registry keep the password secret", async () => {
  const auth = registryAuth("registry.example:5000", { name: "moby", password: "s3cret" });
  expect(auth).toMatchObject({ serverAddress: "registry.example:5000", username: "moby" });
  const password = pulumi.output(auth.password);
  expect(await pulumi.isSecret(password)).toBe(true);
});
