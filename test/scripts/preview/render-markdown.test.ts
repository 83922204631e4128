import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestFromEvents } from "../../../scripts/preview/digest-from-events.ts";
import { markerOf, renderMarkdown } from "../../../scripts/preview/render-markdown.ts";
import { withoutLocalPaths } from "../../../scripts/preview/without-local-paths.ts";
import { digest, step, types } from "./digests.ts";

const now = new Date("2026-06-01T12:00:00Z");
const options = { stack: "dev", now, refreshed: false };
const dated = (notAfter: string) => ({ outputs: { notAfter, privateKeyPem: "[secret]" } });

describe("the summary of a preview", () => {
  it("says what changes, what that does, when certificates end and what policies found", () => {
    const summary = renderMarkdown(
      digest({
        changeSummary: { replace: 1, update: 1, same: 3 },
        steps: [
          step("same", types.authority, "registry-authority", { newState: dated("2036-05-30T00:00:00Z") }),
          step("update", types.certificate, "registry-certificate", {
            oldState: dated("2026-06-11T12:00:00Z"),
            newState: { outputs: {} },
            diffReasons: ["notAfter"],
          }),
          step("replace", types.container, "registry", { diffReasons: ["image", "memory"], replaceReasons: ["image"] }),
        ],
        packs: ["registry-kit@v0.1.0"],
        policies: [
          {
            policy: "image-pinned",
            level: "advisory",
            urn: step("same", types.image, "image").urn,
            message: "One.\nTwo <b>.",
          },
          {
            policy: "read-only-root",
            level: "mandatory",
            urn: step("same", types.container, "registry").urn,
            message: "Three.",
          },
        ],
        diagnostics: [{ severity: "warning", message: "mind | this" }],
      }),
      options,
    );
    expect(summary).toBe(`<!-- registry-kit preview: dev -->

### Preview of stack \`dev\`: 1 to update, 1 to replace, 3 unchanged

Running clients notice a gap while a new container or task starts. Images are kept.

| | Resource | Changes (bold: force a replacement) | Images | Clients | |
| --- | --- | --- | --- | --- | --- |
| ✏️ update | \`registry-certificate\`<br>registry-kit:ServerCertificate | \`notAfter\` | untouched | **restart** | re-issued; daemons go on trusting the authority |
| ♻️ replace | \`registry\`<br>docker:Container | **\`image\`**, \`memory\` | kept | **gap** |  |

#### Certificates

- \`registry-authority\` ends in 3650 days (2036-05-30).
- \`registry-certificate\` ends in 10 days (2026-06-11); this update makes a new one.

#### Policies (registry-kit@v0.1.0)

- ❌ \`read-only-root\` (mandatory) \`registry\`: Three.
- ⚠️ \`image-pinned\` (advisory) \`image\`: One. Two &lt;b\\>.

#### Warnings

    mind | this
`);
  });

  it("says that nothing changes, and what was looked at", () => {
    const same = digest({ changeSummary: { same: 14 } });
    expect(renderMarkdown(same, options)).toMatch(/`dev`: 14 unchanged\n\nThe deployment is what the settings say\./);
    expect(renderMarkdown(same, { ...options, refreshed: true })).toContain(
      "What is really there is what the settings say.",
    );
    const drift = digest({ changeSummary: { create: 1 }, steps: [step("create", types.container, "registry")] });
    expect(renderMarkdown(drift, { ...options, refreshed: true })).toMatch(/is not what the settings say.*clients/);
  });

  it("warns where images are deleted, and of certificates that have ended", () => {
    const steps = [
      step("replace", types.volume, "registry-data"),
      step("same", types.certificate, "old", { newState: dated("2026-05-01T00:00:00Z") }),
    ];
    const summary = renderMarkdown(digest({ steps }), options);
    expect(summary).toContain("⚠️ **Images are deleted**, with `registry-data`.");
    expect(summary).toContain("`old` ⚠️ **ended 32 days ago**");
  });

  it("says that it failed, and why", () => {
    const failed = digest({ diagnostics: [{ severity: "error", message: "Settings: 1 problem.\n  port is 0" }] });
    expect(renderMarkdown(failed, options)).toMatch(
      /it failed\n\nNothing can be deployed.*#### Errors\n\n {4}Settings: 1 problem\.\n {6}port is 0\n/s,
    );
  });

  it("keeps its marker and its table whatever names hold", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (name, property) => {
        const steps = [step("update", types.trust, name || "x", { diffReasons: [property || "p"] })];
        const lines = renderMarkdown(digest({ steps }), options).split("\n");
        expect(lines[0]).toBe("<!-- registry-kit preview: dev -->");
        const row = lines.find((line) => line.startsWith("| ✏️")) ?? "";
        expect(row.replaceAll("\\|", "").split("|")).toHaveLength(8);
      }),
    );
    expect(markerOf("a--b-->")).not.toMatch(/--.*--.*--/);
  });

  it("names no folder of this machine", () => {
    const text = "/srv/work/kit/stacks/a.ts and /srv/work/kit";
    expect(withoutLocalPaths(text, "/srv/work/kit")).toBe("./stacks/a.ts and .");
    expect(withoutLocalPaths(`${process.env.HOME}/.pulumi/x`, "/srv/work/kit")).toBe("~/.pulumi/x");
  });
});

describe("the CLI's stream of events", () => {
  const events = [
    { diagnosticEvent: { prefix: "debug: ", message: "debug: noise", severity: "debug" } },
    {
      diagnosticEvent: {
        prefix: "warning: ",
        message: "using pulumi-resource-docker from $PATH at /opt/x",
        severity: "warning",
      },
    },
    { diagnosticEvent: { prefix: "error: ", message: "error: it broke\n", severity: "error", urn: "u" } },
    { diagnosticEvent: { message: "gone", severity: "info", ephemeral: true } },
    {
      resourcePreEvent: {
        metadata: { op: "update", urn: "u", old: { outputs: { a: 1 } }, new: null, diffs: ["a"], keys: null },
      },
    },
    { policyEvent: { resourceUrn: "u", message: "Bad.\n", policyName: "p", enforcementLevel: "mandatory" } },
    { summaryEvent: { resourceChanges: { update: 1 }, PolicyPacks: { "kit|local|policy": "0.1.0" } } },
  ];

  it("is read as the document that it replaces, with what policies found", () => {
    const text = ["not an event", ...events.map((event) => JSON.stringify(event))].join("\n");
    expect(digestFromEvents(text)).toEqual({
      steps: [{ op: "update", urn: "u", oldState: { outputs: { a: 1 } }, diffReasons: ["a"] }],
      diagnostics: [{ severity: "error", message: "it broke", urn: "u" }],
      policies: [{ policy: "p", level: "mandatory", urn: "u", message: "Bad." }],
      changeSummary: { update: 1 },
      packs: ["kit@v0.1.0"],
    });
  });

  it("may be empty: the CLI did not begin", () => {
    expect(digestFromEvents("")).toEqual(digest());
  });
});
