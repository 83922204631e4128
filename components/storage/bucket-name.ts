import { z } from "zod";

/** Each rule and what it says; source: "General purpose bucket naming rules" in the user guide of Amazon S3. */
const rules: [(name: string) => boolean, string][] = [
  [(name) => name.length >= 3 && name.length <= 63, "must have 3 to 63 characters"],
  [(name) => /^[a-z0-9.-]*$/.test(name), 'must be made of lower-case letters, digits, "-" and "."'],
  [(name) => /^[a-z0-9]/i.test(name) && /[a-z0-9]$/i.test(name), "must begin and end with a letter or a digit"],
  [(name) => !name.includes(".."), "must not have two dots in a row"],
  [(name) => !/^\d+\.\d+\.\d+\.\d+$/.test(name), "must not look like an IP address"],
  [(name) => !/^(xn--|sthree-|amzn-s3-demo-)/.test(name), "must not begin with xn--, sthree- or amzn-s3-demo-"],
  [
    (name) => !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name),
    "must not end with -s3alias, --ol-s3, .mrap, --x-s3 or --table-s3",
  ],
];

/** The name of a bucket, by S3's rules; every rule that it breaks is named. */
export const bucketName = z.string().superRefine((name, context) => {
  for (const [holds, rule] of rules) {
    if (!holds(name)) context.addIssue({ code: "custom", message: `is ${JSON.stringify(name)}; it ${rule}.` });
  }
});
