import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../scripts/project/project-root.ts";

/** A page of the documentation; the path is relative to the project. */
export interface Page {
  path: string;
  text: string;
}

/** Every Markdown file of the project's top, of docs/, and the README of each room. */
export function pages(): Page[] {
  const rooms = readdirSync(projectRoot, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "dist")
    .map(({ name }) => join(name, "README.md"));
  const found = [...markdownIn("."), ...markdownIn("docs"), ...rooms].filter((path) =>
    existsSync(join(projectRoot, path)),
  );
  return found.map((path) => ({ path, text: readFileSync(join(projectRoot, path), "utf8") }));
}

/** The code blocks of a language, in order. */
export function codeBlocks({ text }: Page, language: string): string[] {
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, found, code]) =>
    found === language && code !== undefined ? [code] : [],
  );
}

/** What stands between backticks, outside code blocks. */
export function codeSpans(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, "");
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? "");
}

function markdownIn(folder: string): string[] {
  return readdirSync(join(projectRoot, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));
}
