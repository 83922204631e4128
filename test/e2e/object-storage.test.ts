import { readFileSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dockerClient } from "../../lib/docker/docker-client.ts";
import { findSecrets } from "../../scripts/proof/find-secrets.ts";
import { describeWithStore } from "../storage/describe-with-store.ts";
import { ProcessWatch } from "../support/process-watch.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import { bridgeAddress, type S3Server, s3ServerObstacle, startS3Server } from "../support/s3-server.ts";
import { issueTestCertificate, makeTestAuthority } from "../support/test-certificates.ts";

describeWithStore("The dev stack on an S3 bucket, from up to down", await s3ServerObstacle(), () => {
  let s3: S3Server;
  let copy: ProjectCopy;
  let place: string;
  beforeAll(async () => {
    const address = await bridgeAddress();
    const ca = await makeTestAuthority("Store CA");
    s3 = await startS3Server({ address, buckets: ["images"], tls: await issueTestCertificate(ca, [address]) });
    const { region, endpoint: regionEndpoint, accessKey, secretKey } = s3;
    const credentials = { accessKey, secretKey, authority: ca.certificate };
    // The bucket isn't there: the first up is to say so.
    const settings = { bucket: "imagse", region, regionEndpoint, rootDirectory: "team-a", ...credentials };
    copy = await ProjectCopy.make({ engine: "builtin", settings: { storage: { s3: settings } } });
    place = `s3 bucket images, under team-a/, at ${regionEndpoint}`;
  });
  afterAll(async () => {
    await copy?.[Symbol.asyncDispose]();
    await s3?.[Symbol.asyncDispose]();
  });

  it("says after up that the bucket is not there, and what to do", async () => {
    const up = await copy.run("up");
    expect(up.exitCode).toBe(1);
    expect(up.all).toMatch(/push .*NoSuchBucket: .*there is no such bucket; create it, or correct the setting bucket/);
  });

  it("comes up and is proven with the right one, with no volume for images and no secret to be seen", async () => {
    copy.change({ "storage.s3.bucket": "images" });
    const watch = new ProcessWatch();
    const up = await copy.run("up");
    const processes = await watch.end();
    expect(up.exitCode, up.all).toBe(0);
    expect(up.stdout).toMatch(/^Proof: \d+ passed, 0 failed, 0 skipped$/m);
    // The proof pushed an image, and took all of it out again.
    const left = await readdir(join(s3.folder, "images"), { recursive: true });
    expect(left.filter((path) => /data$|link$/.test(path))).toEqual([]);

    const { guarded, store } = (await copy.outputs()) as { guarded: string[]; store: string };
    expect(store).toBe(place);
    expect(guarded).toContain(s3.secretKey);
    const inspected = await dockerClient({}).getContainer(copy.name).inspect();
    const places = {
      state: JSON.parse(readFileSync(copy.stateFile, "utf8")),
      // Pulumi hands the settings over in a variable (sdk/nodejs/runtime/config.ts).
      // The store's server has its own key in its environment.
      processes: processes.filter((text) => !/^(PULUMI_CONFIG=\{|ROOT_SECRET_ACCESS_KEY=)/.test(text)),
      inspected,
      up: up.all,
    };
    expect(findSecrets(places, guarded)).toEqual([]);
    expect(inspected.Mounts.map(({ Destination }) => Destination)).toEqual(["/etc/distribution"]);
  });

  it("has nothing to do at a second look, and tells where the images are", async () => {
    const preview = await copy.run("preview", ["--expect-no-changes"]);
    expect(preview.exitCode, preview.all).toBe(0);
    const status = await copy.run("status", ["--json"]);
    expect(JSON.parse(status.stdout)).toMatchObject({ running: true, store: place });
  });

  it("leaves the bucket as it is when it is taken down", async () => {
    const blobs = join(s3.folder, "images", "team-a", "docker", "registry", "v2", "blobs");
    await mkdir(blobs, { recursive: true });
    await writeFile(join(blobs, "data"), "a layer");
    const down = await copy.run("down");
    expect(down.exitCode, down.all).toBe(0);
    expect(down.stderr).toContain(`Kept: ${place}, with all images.`);
    const { Volumes } = await dockerClient({}).listVolumes({ filters: { name: [copy.name] } });
    expect(Volumes).toEqual([]);
    expect(await readdir(blobs)).toEqual(["data"]);
  });
});
