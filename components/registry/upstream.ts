import type * as pulumi from "@pulumi/pulumi";

/** The registry that a pull-through cache passes on. */
export interface Upstream {
  /** Scheme, host and port, for example `https://registry-1.docker.io`, which is Docker Hub's. A change restarts the cache. */
  url: string;
  /** How long an image is kept after it came, a duration such as `168h`; `0s`: forever. A change restarts the cache. */
  ttl: string;
  /** Who asks for images there. A change is picked up within a minute, without a restart. Absent: nobody in particular. */
  credentials?: pulumi.Input<UpstreamCredentials> | undefined;
  /** PEM of the authority that signed the upstream's certificate, beside the public ones. A change restarts the cache. */
  authorityPem?: pulumi.Input<string> | undefined;
}

export interface UpstreamCredentials {
  username: string;
  /** Password or access token; secret. */
  password: string;
}
