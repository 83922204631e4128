import { z } from "zod";
import { durationSeconds, isDuration } from "../../../lib/time/registry-duration.ts";

/** The meta data of a field whose value must reach state, logs and messages only as a secret. */
export const secret = { secret: true } as const;

/** Any text that YAML can carry: everything but a lone surrogate, which is not Unicode. */
export const text = z.string({ error: "must be text" }).refine((value) => value.isWellFormed(), {
  error: "must be well-formed Unicode (it holds half of a surrogate pair)",
});

/** Text of at least one character. */
export const name = text.refine((value) => value.length > 0, { error: "must not be empty" });

/** Text on one line, of at least one character: what a header or a challenge can carry. */
export const line = name.refine((value) => !hasControlCharacter(value), {
  error: "must not hold control characters such as line breaks",
});

/** A key that a service made: a line end or a blank at its ends came with copying, and no request with it is taken. */
export const credential = line.refine((value) => value === value.trim(), {
  error: "must not begin or end with a blank",
});

/** An absolute path inside the registry's container. */
export const containerPath = line.refine((value) => value.startsWith("/"), {
  error: 'must be an absolute path inside the container, such as "/etc/distribution/ca.crt"',
});

/** Whether a text is PEM, not a path. */
export function isPem(text: string): boolean {
  return text.includes("-----BEGIN ");
}

/** A path inside the container, or the PEM text itself, for which the kit makes a file there. */
export const pathOrPem = name.refine((value) => isPem(value) || containerPath.safeParse(value).success, {
  error: 'must be PEM text ("-----BEGIN ..."), or an absolute path inside the container',
});

/** A whole number of at least `minimum`. */
export function count(minimum: number): z.ZodInt {
  return z.int({ error: `must be a whole number of at least ${minimum}` }).min(minimum);
}

/** A TCP port. */
export const port = z.int({ error: portRule() }).min(1, { error: portRule() }).max(65_535, { error: portRule() });

/** A duration of at least `minimumSeconds` as the registry writes it: `30s`, `1h30m`, `500ms`. */
export function duration(minimumSeconds: number): z.ZodString {
  return z
    .string({ error: 'must be a duration in quotes, such as "30s", "15m" or "168h"' })
    .refine(isDuration, {
      error: 'must be a duration with units h, m, s or ms, such as "30s", "15m" or "168h"',
      abort: true,
    })
    .refine((value) => durationSeconds(value) >= minimumSeconds, { error: `must be at least ${minimumSeconds}s` })
    .refine((value) => durationSeconds(value) <= longestSeconds, { error: "must be at most 876000h (100 years)" });
}

/** A host and an optional port in a URL, without characters that mean something in other files: `"`, `=`, `{`, ... */
const authorityPattern = String.raw`(?:\[[0-9a-fA-F:.]+\]|[\p{L}\p{N}._-]+)(?::\d{1,5})?`;
const originPattern = new RegExp(`^https?://${authorityPattern}$`, "u");
const webAddressPattern = new RegExp(`^https?://${authorityPattern}(?:[/?][^\\s#]*)?$`, "u");
const proxyPattern = new RegExp(`^(?:https?|socks5h?)://${authorityPattern}/?$`, "u");

/** A proxy. Its credentials would stand in plain text in a container's environment. */
export const proxyUrl = line.refine((value) => proxyPattern.test(value) && URL.canParse(value), {
  error:
    'must be a scheme, a host and a port, such as "http://proxy.example.com:3128", without a user and a password: those would be readable in docker inspect. For a proxy that asks for them, run one without beside it',
});

/** A domain alone, as part of a host's name. */
export const domain = line.regex(
  /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/,
  {
    error: 'must be a domain such as "core.windows.net", without a scheme, a port or a path',
  },
);

/** Scheme, host and optional port, nothing else. */
export const origin = line.refine((value) => originPattern.test(value) && URL.canParse(value), {
  error:
    'must be a scheme, a host and a port if need be, such as "https://registry.example.com:5000": no path, no user',
});

/** A web address; credentials belong into a header, because the registry logs addresses. */
export const webAddress = line.refine((value) => webAddressPattern.test(value) && URL.canParse(value), {
  error: 'must be a web address such as "https://example.com/events", without a user or password in it',
});

/** `host:port`; IPv6 hosts in brackets. */
export const hostAndPort = line.refine(
  (value) => {
    const [, port] = /^(?:\[[0-9a-fA-F:.]+\]|[^\s:/@[\]]+):(\d{1,5})$/.exec(value) ?? [];
    return Number(port) > 0 && Number(port) < 65_536;
  },
  { error: 'must be a host and a port, such as "redis:6379" or "[::1]:6379"' },
);

/** A map whose keys fit the pattern; `rule` says in words what a key must be. */
export function map<Value extends z.ZodType>(
  keys: RegExp,
  rule: string,
  value: Value,
): z.ZodRecord<z.ZodString, Value> {
  return z.record(z.string().regex(keys), value, {
    error: (issue) => (issue.code === "invalid_key" ? rule : undefined),
  });
}

/** HTTP header fields: a name (RFC 9110 token) to one value or several. */
export const headers = map(
  /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/,
  "is not the name of an HTTP header field: use letters, digits and dashes",
  z.union([line, z.array(line).min(1, { error: "must hold at least one value" })]),
).refine((given) => new Set(Object.keys(given).map((key) => key.toLowerCase())).size === Object.keys(given).length, {
  error: "names one header field twice (upper and lower case are the same)",
});

/** Go keeps durations in 64 bits of nanoseconds, about 292 years. */
const longestSeconds = 876_000 * 3600;

function portRule(): string {
  return "must be a port between 1 and 65535";
}

function hasControlCharacter(value: string): boolean {
  return /\p{Cc}/u.test(value);
}
