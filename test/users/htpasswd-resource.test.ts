import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { Htpasswd } from "../../components/users/htpasswd.ts";
import { makeSecret } from "../../lib/protocol/property-value.ts";
import { recordRegistrations } from "../support/record-registrations.ts";

it("sends passwords and hashes as secrets, also where they came as plain text, and asks for secrets back", async () => {
  const registrations = await recordRegistrations({});
  new Htpasswd("users", {
    users: {
      plain: { password: "hunter2", cost: 12 },
      output: { password: pulumi.output("hunter3") },
      hashed: { hash: "$2y$05$hash" },
      robot: { generated: true, generation: 2 },
    },
  });
  expect(await registrations()).toEqual([
    {
      type: "registry-kit:users:Htpasswd",
      name: "users",
      inputs: {
        users: {
          plain: { password: makeSecret("hunter2"), cost: 12 },
          output: { password: makeSecret("hunter3") },
          hashed: { hash: makeSecret("$2y$05$hash") },
          robot: { generated: true, generation: 2 },
        },
      },
      additionalSecretOutputs: ["htpasswd", "hashes", "passwords"],
    },
  ]);
});
