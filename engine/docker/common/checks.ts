import { parseDuration } from "../../../lib/time/go-duration.ts";

type Check = (value: string | number | boolean) => string | undefined;

/** One of a few words. */
export const oneOf =
  (...words: string[]): Check =>
  (value) =>
    words.includes(String(value)) ? undefined : `is "${value}", which is not one of ${words.join(", ")}`;

export const matches =
  (pattern: RegExp, example: string): Check =>
  (value) =>
    pattern.test(String(value)) ? undefined : `is "${value}", which is not of the form ${example}`;

export const atLeast =
  (minimum: number): Check =>
  (value) =>
    Number(value) >= minimum ? undefined : `is ${value}, which is lower than ${minimum}`;

/** Standard base64 with its padding. The value is not repeated: it may be a secret. */
export const base64: Check = (value) =>
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(String(value).replace(/[\r\n]/g, ""))
    ? undefined
    : "is not base64";

/** A duration of Go's kind that is not negative: `500ms`, `1m30s`. */
export const duration: Check = (value) => {
  const nanoseconds = parseDuration(String(value));
  if (nanoseconds === undefined) return `is "${value}", which is no duration such as 500ms, 10s or 1m30s`;
  return nanoseconds < 0 ? `is "${value}", which is negative` : undefined;
};

/** A number between 0 and 1, as text. */
export const ratio: Check = (value) =>
  Number(value) >= 0 && Number(value) <= 1 && String(value).trim() !== ""
    ? undefined
    : `is "${value}", which is no number between 0.0 and 1.0`;

export const absolutePath: Check = (value) =>
  /^([a-zA-Z]:[\\/]|\/)/.test(String(value)) ? undefined : `is "${value}", which is not an absolute path`;

/** How mounts of the host are passed on. */
export const propagation = oneOf("private", "rprivate", "shared", "rshared", "slave", "rslave");
