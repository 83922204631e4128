import { homedir, tmpdir } from "node:os";

/** Text for other people's eyes: without the folders of this machine. @param project folder of Pulumi.yaml */
export function withoutLocalPaths(text: string, project: string): string {
  const folders: [string, string][] = [
    [project, "."],
    [homedir(), "~"],
    [tmpdir(), "TMP"],
  ];
  return folders
    .filter(([folder]) => folder.length > 1)
    .toSorted(([a], [b]) => b.length - a.length)
    .reduce((current, [folder, name]) => current.replaceAll(folder, name), text);
}
