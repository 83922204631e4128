/** What of a package.json the package takes over or replaces. */
export interface Manifest {
  name: string;
  version: string;
  description: string;
  license: string;
  dependencies: Record<string, string>;
}

/** The oldest Node of the package: the first that lets a CommonJS program `require` it. */
const node = ">=22.12";

/** Packages of which the user's program has its one copy, as version range; the SDK's lower end is that of the oldest CLI that is tested. */
const peers = {
  "@pulumi/aws": "^7.0.0",
  "@pulumi/docker": "^5.2.0",
  "@pulumi/policy": "^1.20.0",
  "@pulumi/pulumi": "^3.200.0",
};

/** The package.json of the npm package, made from that of the repository. */
export function packageManifest({
  name,
  version,
  description,
  license,
  dependencies,
}: Manifest): Record<string, unknown> {
  const own = Object.entries(dependencies).filter(([dependency]) => !(dependency in peers));
  return {
    name,
    version,
    description,
    license,
    keywords: ["pulumi", "docker", "registry", "distribution", "tls"],
    type: "module",
    engines: { node },
    exports: {
      ".": { types: "./package/index.d.ts", default: "./package/index.js" },
      "./aws": { types: "./package/aws.d.ts", default: "./package/aws.js" },
      "./package.json": "./package.json",
    },
    types: "./package/index.d.ts",
    bin: { [name]: "scripts/registry-kit.js" },
    dependencies: Object.fromEntries(own),
    peerDependencies: peers,
    peerDependenciesMeta: { "@pulumi/aws": { optional: true }, "@pulumi/policy": { optional: true } },
    publishConfig: { access: "public", provenance: true },
  };
}
