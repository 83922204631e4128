import fc from "fast-check";
import { password as passwordSchema, userName as userNameSchema } from "../../components/users/user.ts";

/** Texts that YAML, shells, URLs, htpasswd files and HTTP headers could misread. */
export const specialTexts = [
  "[",
  "]",
  "{a, b}",
  "&a",
  "*a",
  "a#b",
  "% 20",
  "%20",
  '"',
  "'",
  "$HOME",
  "$2y$10$",
  "`id`",
  "a\\nb",
  "a b",
  "!",
  "|",
  ">",
  "0",
  "0123456789",
  "1e3",
  "true",
  "null",
  "~",
  "-rf",
  "@a",
  "ünï",
  "пароль",
  "漢字",
  "😀",
  "constructor",
  "__proto",
  "a".repeat(72),
];

/** User names and passwords that the kit takes. */
export const userName = fc
  .oneof(fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }), fc.constantFrom(...specialTexts))
  .filter((text) => text !== "__proto__" && userNameSchema.safeParse(text).success);
export const password = fc
  .oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
    fc.constantFrom(...specialTexts, "a:b", ":", " a ", "#a"),
  )
  .filter((text) => passwordSchema.safeParse(text).success);
