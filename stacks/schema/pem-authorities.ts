import { z } from "zod";
import { certificatesForGo } from "../../components/certificates/certificates-for-go.ts";
import { readCertificates } from "../../components/certificates/read-pem.ts";

/**
 * PEM of the authorities that a server's certificate is checked by, in the form that Go reads.
 * @param keyPlace what the place for a key is called, for one that is put here by mistake
 */
export function pemAuthorities(keyPlace: string) {
  return z
    .string()
    .check(({ value, issues }) => {
      const { problem } = readCertificates(value, keyPlace);
      if (problem) issues.push({ code: "custom", message: problem, input: "" });
    })
    .transform(certificatesForGo);
}
