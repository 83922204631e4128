import { serveProvider } from "../engine/protocol/serve-provider.ts";
import { resources } from "./resources.ts";

await serveProvider(
  {
    version: "0.1.0",
    lifecycle: (type) => resources.find((resource) => resource.type === type)?.lifecycle,
  },
  process.argv.slice(2),
);
