import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../../../scripts/project/project-root.ts";

interface Loaded {
  /** Files of packages that the program of every stack loads. */
  program: string[];
  /** Those that are added by images on AWS, and the milliseconds that it takes. */
  aws: string[];
  time: number;
}

describe("what a stack loads of @pulumi/aws", () => {
  let loaded: Loaded;
  beforeAll(async () => {
    const [program, aws] = ["stacks/program.ts", "components/storage/s3-storage.ts"].map((path) =>
      JSON.stringify(join(projectRoot, path)),
    );
    const script = `
      import { createRequire } from "node:module";
      const files = () => Object.keys(createRequire(import.meta.url).cache);
      await import(${program});
      const program = files();
      const begun = performance.now();
      await import(${aws});
      const time = performance.now() - begun;
      console.log(JSON.stringify({ program, aws: files().filter((file) => !program.includes(file)), time }));`;
    const { stdout } = await execa(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: projectRoot,
      env: { NODE_COMPILE_CACHE: join(projectRoot, ".cache", "node") },
      timeout: 120_000,
    });
    loaded = JSON.parse(stdout) as Loaded;
  });

  it("is nothing where images are not on AWS", () => {
    expect(loaded.program.some((file) => file.includes("@pulumi/pulumi"))).toBe(true);
    expect(loaded.program.filter((file) => file.includes("@pulumi/aws"))).toEqual([]);
  });

  it("is a module for each resource where they are, not the package", async ({ annotate }) => {
    expect(loaded.aws.some((file) => file.endsWith("@pulumi/aws/s3/bucket.js"))).toBe(true);
    expect(loaded.aws.length).toBeLessThan(40);
    expect(loaded.aws.filter((file) => /aws\/(\w+\/)?index\.js$/.test(file))).toEqual([]);
    await annotate(`${loaded.aws.length} files in ${loaded.time.toFixed(0)} ms`);
  });
});
