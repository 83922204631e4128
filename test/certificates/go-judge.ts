import { execa } from "execa";
import type { HandshakeFiles } from "../../components/certificates/try-handshake.ts";
import { goProgram } from "../support/go-program.ts";

/** What Go's crypto/tls says of files as the registry serves them and Docker trusts them; "" where all is well. */
export async function goJudge(cases: { files: HandshakeFiles; hosts: string[] }[]): Promise<string[]> {
  const program = await goProgram("tls-judge", source);
  const input = cases.map(({ files, hosts }) => ({
    Chain: files.chainPem,
    Key: files.privateKeyPem,
    Authority: files.authorityCertificatePem,
    Hosts: hosts,
  }));
  const { stdout } = await execa(program, { input: JSON.stringify(input), timeout: 60_000 });
  return JSON.parse(stdout);
}

const source = `package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net"
	"os"
)

type files struct {
	Chain, Key, Authority string
	Hosts                 []string
}

func main() {
	var all []files
	if err := json.NewDecoder(os.Stdin).Decode(&all); err != nil {
		panic(err)
	}
	answers := make([]string, len(all))
	for i, given := range all {
		if err := judge(given); err != nil {
			answers[i] = err.Error()
		}
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}

func judge(given files) error {
	pair, err := tls.X509KeyPair([]byte(given.Chain), []byte(given.Key))
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(given.Authority))
	for _, host := range given.Hosts {
		near, far := net.Pipe()
		server := tls.Server(far, &tls.Config{Certificates: []tls.Certificate{pair}})
		go func() { server.Handshake(); far.Close() }()
		client := tls.Client(near, &tls.Config{RootCAs: roots, ServerName: host})
		err := client.Handshake()
		near.Close()
		if err != nil {
			return err
		}
	}
	return nil
}
`;
