import { type Check, failed, passed, skipped } from "../check.ts";
import { codeOf, messageOf } from "../explain-daemon-error.ts";
import { shakeHands } from "../shake-hands.ts";
import { answers } from "./answers.ts";

/** A client that knows nothing newer than TLS 1.1 is refused (RFC 8996). */
export const oldTlsRefused: Check = {
  name: "TLS 1.1 refused",
  needs: () => [answers.name],
  async run({ api, target }, signal) {
    if (!target.tls) return skipped("no TLS");
    try {
      const { protocol } = await shakeHands(
        api,
        // OpenSSL 3 offers the old versions at security level 0 only.
        { rejectUnauthorized: false, minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
        signal,
      );
      return failed(`${protocol} was accepted; set the minimum to TLS 1.2 where TLS ends, at the registry or a proxy`);
    } catch (error) {
      signal.throwIfAborted();
      const code = codeOf(error) ?? "";
      // Only what the other side says counts: a client that cannot offer TLS 1.1 proves nothing.
      if (code.includes("ALERT") || code === "ECONNRESET") return passed(`refused (${code})`);
      return failed(`not answered as expected: ${messageOf(error)}`);
    }
  },
};
