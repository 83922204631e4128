/** A proxy through which the registry reaches other servers. No credentials: the variables can be read by `docker inspect`. */
export interface OutgoingProxy {
  /** For https:// addresses. */
  https?: string | undefined;
  /** For http:// addresses. */
  http?: string | undefined;
  /** Hosts, domains, addresses and networks that are reached without it. */
  no: string[];
}

/** Where clouds hand out credentials to their machines: no proxy reaches it. */
const metadata = ["169.254.169.254", "169.254.170.2", "fd00:ec2::254"];

/** The variables from which Go takes a proxy (`golang.org/x/net/http/httpproxy`); loopback addresses never go through it. */
export function proxyVariables(proxy: OutgoingProxy | undefined): Record<string, string> {
  if (!proxy) return {};
  return {
    ...(proxy.https ? { HTTPS_PROXY: proxy.https } : {}),
    ...(proxy.http ? { HTTP_PROXY: proxy.http } : {}),
    NO_PROXY: [...new Set([...metadata, ...proxy.no])].join(","),
  };
}
