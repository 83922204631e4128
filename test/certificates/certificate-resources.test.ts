import { expect, it } from "vitest";
import { CertificateAuthority } from "../../components/certificates/certificate-authority.ts";
import { ProvidedCertificate } from "../../components/certificates/provided-certificate.ts";
import { ServerCertificate } from "../../components/certificates/server-certificate.ts";
import { makeSecret } from "../../lib/protocol/property-value.ts";
import { recordRegistrations } from "../support/record-registrations.ts";

it("sends the inputs, the keys as secrets, and asks for the keys back as secrets", async () => {
  const registrations = await recordRegistrations({ certificatePem: "certificate", privateKeyPem: "key" });
  const authority = new CertificateAuthority("authority", { commonName: "Test CA", keyBits: 2048 });
  new ServerCertificate("server", {
    hosts: ["a.test"],
    authorityCertificatePem: authority.certificatePem,
    authorityPrivateKeyPem: authority.privateKeyPem,
    lifetime: "90 days",
  });
  new ProvidedCertificate("provided", { hosts: ["a.test"], certificatePem: "own", privateKeyPem: "own key" });
  const additionalSecretOutputs = ["privateKeyPem"];
  expect(await registrations()).toEqual([
    {
      type: "registry-kit:certificates:CertificateAuthority",
      name: "authority",
      inputs: { commonName: "Test CA", keyBits: 2048 },
      additionalSecretOutputs,
    },
    {
      type: "registry-kit:certificates:ProvidedCertificate",
      name: "provided",
      inputs: { hosts: ["a.test"], certificatePem: "own", privateKeyPem: makeSecret("own key") },
      additionalSecretOutputs,
    },
    {
      type: "registry-kit:certificates:ServerCertificate",
      name: "server",
      inputs: {
        hosts: ["a.test"],
        authorityCertificatePem: "certificate",
        authorityPrivateKeyPem: makeSecret("key"),
        lifetime: "90 days",
      },
      additionalSecretOutputs,
    },
  ]);
});
