import { expect, it } from "vitest";
import { fatalLine } from "../../components/docker-host/fatal-line.ts";

it.each<[string, string, string | undefined]>([
  ["nothing", "\n \n", undefined],
  [
    "the text format",
    'time="2026-11-30T21:01:23Z" level=info msg="redis not configured"\ntime="2026-11-30T21:01:23Z" level=fatal msg="open \\"/x\\": no such file"\n',
    'open "/x": no such file',
  ],
  [
    "the JSON format, before other lines",
    '{"level":"fatal","msg":"listen tcp :5000: bind: address already in use","time":"2026"}\n{"level":"info","msg":"stopping","time":"2026"}\n',
    "listen tcp :5000: bind: address already in use",
  ],
  [
    "a panic with its stack",
    "panic: validation.manifests.urls.allow: error parsing regexp: `(?!`\n\ngoroutine 1 [running]:\ngithub.com/distribution/distribution/v3/registry/handlers.NewApp({0x2215e80?}, 0x1215)\n\tgithub.com/distribution/distribution/v3@v3.1.2/registry/handlers/app.go:249 +0x2759\nmain.main()\n\tgithub.com/cmd/registry/main.go:26 +0x1a\n",
    "panic: validation.manifests.urls.allow: error parsing regexp: `(?!`",
  ],
  [
    "a configuration that does not parse, before the usage",
    "configuration error: error parsing /etc/distribution/config.yml: yaml: line 3\n\nUsage:\n  registry serve <config> [flags]\nFlags:\n  -h, --help   help for serve\n",
    "configuration error: error parsing /etc/distribution/config.yml: yaml: line 3",
  ],
  ["several ends", 'level=fatal msg="first"\nlevel=info msg="on"\nlevel=fatal msg="second"\n', "second"],
  ["no fatal line", 'level=info msg="one"\nlevel=info msg="the last"\n', "the last"],
  ["a shell", "exec /entrypoint.sh: exec format error\n", "exec /entrypoint.sh: exec format error"],
])("the reason in %s", (_, log, reason) => {
  expect(fatalLine(log)).toBe(reason);
});
