import * as pulumi from "@pulumi/pulumi";
import { dockerHub } from "../../components/caches/docker-hub.ts";
import { PullThroughCache } from "../../components/caches/pull-through-cache.ts";
import { registryOptions } from "../../components/registry/configuration/registry-options.ts";
import { runsAs } from "../../components/registry/runs-as.ts";
import type { Certificates } from "../../components/whole/certificates.ts";
import { engineOf } from "../docker-host/engine-of.ts";
import { publishedAddress } from "../docker-host/published-address.ts";
import { registryUrl } from "../registry/registry-url.ts";
import { containerSettings } from "../registry/settings.ts";
import type { Settings } from "../settings/settings.ts";
import { ownLabels } from "../throw-away/own-labels.ts";
import { cacheContainerName } from "./cache-container-name.ts";
import type { CacheSettings } from "./settings.ts";

/** What `pulumi stack output caches` shows of each cache. */
export interface CacheOutputs {
  /** Where daemons reach it. For Docker Hub it is what goes into their `registry-mirrors`. */
  url: string;
  port: number;
  upstream: string;
  /** The volume with what is cached. */
  volume: pulumi.Output<string>;
  /** Whether that volume outlives the stack. */
  volumeKept: boolean;
  containerId: pulumi.Output<string>;
  /** An image of the upstream that `verify` pulls; undefined: none is known. */
  probe?: string;
}

/** Name -> cache. */
export type MadeCaches = Record<string, { cache: PullThroughCache; outputs: CacheOutputs }>;

/** Makes the caches of a stack, side by side. */
export function makeCaches(
  settings: Settings,
  certificates: Certificates | undefined,
  network: () => pulumi.Output<string>,
  opts: pulumi.ComponentResourceOptions,
): MadeCaches {
  const container = settings.container ?? containerSettings.parse({});
  const make = (name: string, given: CacheSettings) => {
    const { upstream, ttl, username, password, authority, volume, port, probe } = given;
    const cache = new PullThroughCache(
      `cache-${name}`,
      {
        name: cacheContainerName(settings, name),
        upstream: {
          url: upstream,
          ttl,
          ...(username && password ? { credentials: pulumi.secret({ username, password }) } : {}),
          ...(authority ? { authorityPem: authority } : {}),
        },
        dockerHost: engineOf(settings),
        image: settings.image,
        port,
        address: publishedAddress(settings),
        tls: certificates?.server,
        volume,
        options: registryOptions.parse({}),
        proxy: settings.proxy,
        container: { ...container, labels: { ...container.labels, ...ownLabels() } },
        runsAs: runsAs(container, network),
      },
      opts,
    );
    const known = probe ?? (upstream === dockerHub ? "library/hello-world:latest" : undefined);
    const outputs: CacheOutputs = {
      url: registryUrl(settings, port),
      port,
      upstream,
      volume: cache.volume,
      volumeKept: volume.keep,
      containerId: cache.containerId,
      ...(known ? { probe: known } : {}),
    };
    return { cache, outputs };
  };
  return Object.fromEntries(Object.entries(settings.caches).map(([name, given]) => [name, make(name, given)]));
}
