import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { serveProvider } from "../../../../lib/provider/serve-provider.ts";
import { thing, worldFolder } from "./thing.ts";

appendFileSync(join(worldFolder(), "processes.log"), `${process.pid}\n`);

/** A provider of objects that are files in a folder (`TEST_WORLD`), with every call and every start in logs beside them. */
await serveProvider(
  {
    version: "1.2.3",
    async checkConfig(config) {
      const failures = config.forbidden === undefined ? [] : [{ property: "forbidden", reason: "is not allowed" }];
      return { inputs: config, failures };
    },
    async configure(config) {
      appendFileSync(join(worldFolder(), "calls.log"), `configure ${JSON.stringify(config)}\n`);
    },
    lifecycle: (type) => (type === "test:index:Thing" ? thing : undefined),
    async invoke(token, args) {
      if (token !== "test:index:echo") return undefined;
      if (args.fail) throw new Error("echo was told to fail");
      return { echoed: args.value ?? null };
    },
  },
  process.argv.slice(2),
);
