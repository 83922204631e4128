/** Constraints, a host, and whether it is among them. */
export const constraintCases: [permitted: string[], host: string, inside: boolean][] = [
  [["example.com"], "registry.example.com", true],
  [["example.com"], "example.com", true],
  [["example.com"], "*.example.com", true],
  [["example.com"], "notexample.com", false],
  [["example.com"], "example.org", false],
  [["example.com"], "10.0.0.9", false],
  [["10.0.0.0/8"], "10.1.2.3", true],
  [["10.1.2.3/8"], "10.9.9.9", true],
  [["10.0.0.0/8"], "11.1.2.3", false],
  [["10.0.0.0/8"], "registry.example.com", false],
  [["10.0.0.0/8"], "fd00::1", false],
  [["fd00::/8", "localhost", "127.0.0.1"], "fd12::1", true],
  [["fd00::/8", "localhost", "127.0.0.1"], "localhost", true],
  [["fd00::/8", "localhost", "127.0.0.1"], "127.0.0.1", true],
];
