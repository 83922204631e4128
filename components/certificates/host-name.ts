import { BlockList, isIP, isIPv4 } from "node:net";
import { hostSchema } from "./subject-alternative-names.ts";

/**
 * A name or an address by which clients reach the registry: no scheme, no port, no path, no wildcard; one that an image name can
 * hold (`domain-component` in the grammar of distribution/reference), and that a client can connect to.
 */
export const hostName = hostSchema.superRefine((host, context) => {
  const problem = clientProblem(host);
  if (problem) context.addIssue({ code: "custom", message: problem });
});

function clientProblem(host: string): string | undefined {
  const given = JSON.stringify(host);
  if (host.startsWith("*")) return "is a wildcard; clients need a name that they can connect to.";
  const label = isIP(host) ? undefined : host.split(".").find((one) => !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(one));
  if (label !== undefined)
    return `${given}: image names cannot hold the label ${JSON.stringify(label)}; Docker takes letters, digits and "-" in a host, as in ${host.replaceAll("_", "-").replace(/-+(?=\.|$)|(?<=^|\.)-+/g, "")}`;
  const range = undialable.find(({ list }) => isIP(host) && list.check(host, isIPv4(host) ? "ipv4" : "ipv6"));
  return range && `${given} is ${range.what}: give the address or the name by which clients reach the registry`;
}

/** Addresses that no client connects to: RFC 6890, RFC 4291. */
const undialable = [
  range("every address of a machine, for servers to listen on (the setting address is for that)", [
    "0.0.0.0/8",
    "::/128",
  ]),
  range("a multicast address", ["224.0.0.0/4", "ff00::/8"]),
  range("a broadcast or reserved address", ["240.0.0.0/4"]),
  range("a link-local address, which needs the name of an interface that no image name can hold", ["fe80::/10"]),
];

function range(what: string, subnets: string[]): { what: string; list: BlockList } {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = "", bits] = subnet.split("/");
    list.addSubnet(address, Number(bits), isIPv4(address) ? "ipv4" : "ipv6");
  }
  return { what, list };
}
