import { type Check, failed, passed, skipped } from "../check.ts";
import { shakeHands } from "../shake-hands.ts";
import { answers } from "./answers.ts";

const millisecondsOfDay = 86_400_000;

/** The served certificate is in date and the one that was deployed: the registry reads its certificate only at start. */
export const certificateExpiry: Check = {
  name: "certificate expiry",
  needs: () => [answers.name],
  async run({ api, target }, signal) {
    if (!target.tls) return skipped("no TLS, no certificate");
    const { certificate } = await shakeHands(api, { rejectUnauthorized: false }, signal);
    const notAfter = new Date(certificate.validTo);
    const expected = new Date(target.tls.certificateNotAfter);
    const days = Math.floor((notAfter.getTime() - Date.now()) / millisecondsOfDay);
    const date = notAfter.toISOString();
    if (notAfter.getTime() <= Date.now()) return failed(`expired at ${date}; renew it and restart the registry`);
    if (seconds(notAfter) !== seconds(expected)) {
      return failed(
        `ends at ${date}, the deployed one at ${expected.toISOString()}: the registry serves another certificate; restart it`,
      );
    }
    return passed(`${days} days left, ends at ${date}`);
  },
};

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
