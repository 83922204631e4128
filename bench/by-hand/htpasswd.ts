// Stands in for `htpasswd -niBC 5 NAME`: the password comes on standard input.
import { text } from "node:stream/consumers";
import bcrypt from "bcryptjs";

const password = (await text(process.stdin)).trim();
process.stdout.write(`${process.argv[2]}:${await bcrypt.hash(password, 5)}\n`);
