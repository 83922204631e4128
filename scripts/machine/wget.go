// A wget for the registry's image: GET a URL, fail unless the answer is 2xx. The busybox of Debian can't stand in: its
// TLS offers no signature algorithms, which Go's servers refuse; that of the official image (Alpine) can.
// Understands what the health check uses: wget -q --no-check-certificate -O FILE URL
package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

func main() {
	quiet := flag.Bool("q", false, "print nothing but errors")
	insecure := flag.Bool("no-check-certificate", false, "accept any certificate")
	output := flag.String("O", "-", "file to write the answer to; -: standard output")
	flag.Parse()
	if flag.NArg() != 1 {
		fail("usage: wget [-q] [--no-check-certificate] [-O FILE] URL")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: *insecure}}
	client := &http.Client{Timeout: 30 * time.Second, Transport: transport}
	response, err := client.Get(flag.Arg(0))
	if err != nil {
		fail(err.Error())
	}
	defer response.Body.Close()
	if response.StatusCode < 200 || response.StatusCode > 299 {
		fail("server answered " + response.Status)
	}
	target := os.Stdout
	if *output != "-" {
		if target, err = os.Create(*output); err != nil {
			fail(err.Error())
		}
	}
	size, err := io.Copy(target, response.Body)
	if err != nil {
		fail(err.Error())
	}
	if !*quiet {
		fmt.Fprintln(os.Stderr, size, "bytes")
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, "wget:", message)
	os.Exit(1)
}
