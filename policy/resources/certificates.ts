import { X509Certificate } from "node:crypto";
import type { Resource } from "./resource.ts";
import { textsIn } from "./value.ts";

/** Every certificate that a resource carries: as PEM text, or as PEM in base64 (Docker secrets and configs). */
export function certificatesIn({ properties }: Resource): X509Certificate[] {
  const texts = textsIn(properties).flatMap(({ text }) =>
    text.startsWith("LS0tLS1CRUdJTi") ? [decode(text)] : [text],
  );
  const blocks = texts.flatMap(
    (text) => text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [],
  );
  return [...new Set(blocks)].flatMap((pem) => parsed(pem) ?? []);
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}

/** What is no certificate in spite of its frame is refused by the program that takes it. */
function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
