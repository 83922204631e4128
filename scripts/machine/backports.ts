import { existsSync, readdirSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { osRelease, updatePackageLists } from "./apt.ts";

/** A file of apt's package sources, for {@link backportsSource}. */
export interface SourceFile {
  /** `debian.sources` (deb822 style) or `sources.list` (one line a source). */
  name: string;
  text: string;
}

/**
 * Adds the release's backports to apt's package sources, in a file of its own, and fetches their lists.
 * Packages from there are only installed when they are named and nothing else offers them (apt gives them priority 100).
 *
 * @returns the file that was added; undefined where the backports were there already, or no source could be derived
 */
export async function addBackports(folder = "/etc/apt"): Promise<string | undefined> {
  const source = backportsSource(readSources(folder), osRelease("VERSION_CODENAME"));
  if (!source) return undefined;
  const file = join(folder, "sources.list.d", source.name);
  await writeFile(file, source.text, { mode: 0o644 });
  try {
    // Only this source, and strictly: one that does not answer must not stay.
    const only = [`Dir::Etc::sourcelist=${file}`, "Dir::Etc::sourceparts=-", "APT::Get::List-Cleanup=0"];
    await updatePackageLists([...only, "APT::Update::Error-Mode=any"].flatMap((option) => ["-o", option]));
    return file;
  } catch (error) {
    await rm(file);
    throw error;
  }
}

/** The backports of a release at the mirror, and signed by the key, of its main source; pure. */
export function backportsSource(sources: readonly SourceFile[], codename: string): SourceFile | undefined {
  if (codename === "") return undefined;
  const active = sources.map(({ name, text }) => ({ name, text: text.replace(/^#.*\n?/gm, "") }));
  if (active.some(({ text }) => text.includes(`${codename}-backports`))) return undefined;
  for (const { name, text } of active) {
    const result = name.endsWith(".sources") ? fromStanzas(text, codename) : fromLines(text, codename);
    if (result)
      return { name: `registry-kit-backports.${name.endsWith(".sources") ? "sources" : "list"}`, text: result };
  }
  return undefined;
}

function fromStanzas(text: string, codename: string): string | undefined {
  const stanza = text.split(/\n\s*\n/).find((part) => {
    const field = (name: string) => (new RegExp(`^${name}:(.*)$`, "im").exec(part)?.[1] ?? "").trim().split(/\s+/);
    return field("Types").includes("deb") && field("Suites").includes(codename) && !field("Enabled").includes("no");
  });
  return stanza && `${stanza.trim().replace(/^Suites:.*$/im, `Suites: ${codename}-backports`)}\n`;
}

function fromLines(text: string, codename: string): string | undefined {
  for (const line of text.split("\n")) {
    const [, start, suite, components] = /^(deb\s+(?:\[[^\]]*\]\s+)?\S+)\s+(\S+)\s+(.+)$/.exec(line.trim()) ?? [];
    if (suite === codename) return `${start} ${codename}-backports ${components}\n`;
  }
  return undefined;
}

function readSources(folder: string): SourceFile[] {
  const parts = join(folder, "sources.list.d");
  const names = existsSync(parts) ? readdirSync(parts).filter((name) => /\.(list|sources)$/.test(name)) : [];
  return [join(folder, "sources.list"), ...names.toSorted().map((name) => join(parts, name))]
    .filter((file) => existsSync(file))
    .map((file) => ({ name: basename(file), text: readFileSync(file, "utf8") }));
}
