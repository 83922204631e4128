import type { X509Certificate } from "node:crypto";
import { Malformed } from "./der-reader.ts";
import { type GoCertificate, readGoCertificate } from "./go-certificate.ts";

/** A certificate as Go reads it, or why Go does not. */
export function readByGo(certificate: X509Certificate): { certificate?: GoCertificate; problem?: string } {
  try {
    return { certificate: readGoCertificate(certificate.raw) };
  } catch (error) {
    if (error instanceof Malformed) return { problem: error.message };
    throw error;
  }
}
