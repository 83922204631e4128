import { nameOf, typeOf } from "./planned-change.ts";
import type { DigestState, PreviewDigest } from "./preview-digest.ts";

/** When a certificate of a stack ends. */
export interface CertificateExpiry {
  name: string;
  /** ISO 8601; undefined: it is yet to be made. */
  notAfter: string | undefined;
  /** Negative: it has ended. */
  daysLeft: number | undefined;
  /** Whether the plan makes a new one. */
  renewed: boolean;
}

/** Steps after which there is no certificate, or which say nothing about what will be. */
const passing = ["delete", "discard", "refresh", "delete-replaced", "create-replacement"];

const day = 86_400_000;
const certificateTypes = ["CertificateAuthority", "ServerCertificate", "ProvidedCertificate"];

/** The certificates that the kit's resources hold, also those that stay as they are. */
export function certificateExpiries({ steps }: PreviewDigest, now: Date): CertificateExpiry[] {
  return steps
    .filter(
      ({ op, urn }) =>
        !passing.includes(op) && certificateTypes.some((type) => typeOf(urn) === `registry-kit:certificates:${type}`),
    )
    .map(({ op, urn, oldState, newState }) => {
      const notAfter = notAfterOf(newState) ?? notAfterOf(oldState);
      return {
        name: nameOf(urn),
        notAfter,
        daysLeft: notAfter === undefined ? undefined : Math.floor((Date.parse(notAfter) - now.getTime()) / day),
        renewed: op !== "same" && op !== "create",
      };
    });
}

/** Not known before it is made: then it is no date. */
function notAfterOf(state: DigestState | undefined): string | undefined {
  const value = state?.outputs?.notAfter;
  return typeof value === "string" && !Number.isNaN(Date.parse(value)) && value.includes("T") ? value : undefined;
}
