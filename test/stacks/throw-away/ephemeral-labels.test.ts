import { homedir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ephemeralLabels } from "../../../stacks/throw-away/ephemeral-labels.ts";
import { settingsProblems, testSettings } from "../../support/test-settings.ts";

const ephemeral = { from: "dev", created: "2026-11-21T12:00:00.000Z" };
const given = { hosts: ["r.test"], ephemeral };

it.each([
  ["local", ["/etc/docker/certs.d/r.test:5000/ca.crt"]],
  [{ rootless: true }, [join(homedir(), ".config/docker/certs.d/r.test:5000/ca.crt")]],
  [{ certsDirectory: "/srv/certs.d" }, ["/srv/certs.d/r.test:5000/ca.crt"]],
  [
    { clients: "detect" },
    ["docker", "containerd", "containers"].map((client) => `/etc/${client}/certs.d/r.test:5000/ca.crt`),
  ],
  ["none", []],
])("a throw-away stack with trust %j is labelled with the files of its clients", (trust, files) => {
  const { "io.registry-kit.trust": label } = ephemeralLabels(testSettings({ ...given, trust }), "pr-1");
  expect(JSON.parse(label ?? "")).toEqual(files);
});

it.each([
  ["service", { service: {} }],
  ["caches", { caches: { quay: { upstream: "https://quay.io", port: 5001 } } }],
  ["no registry", { registry: "none", caches: { quay: { upstream: "https://quay.io", port: 5001 } } }],
])("a throw-away stack with %s is refused, as reap would not see all of it", (what, settings) => {
  const [problem, ...others] = settingsProblems(() => testSettings({ ...given, ...settings }));
  expect(problem).toContain(`ephemeral is set beside ${what}: a throw-away stack is one registry in a container`);
  expect(others).toEqual([]);
});
