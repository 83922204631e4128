#!/bin/sh
# The registry of the kit made by hand, as the registry's documentation shows it: openssl, htpasswd, docker run.
# usage: start-registry.sh FOLDER NAME PORT IMAGE RSA-BITS; the password of user "bench" comes on standard input.
set -eu
folder=$1 name=$2 port=$3 image=$4 bits=$5
umask 077
cd "$folder"

openssl req -x509 -newkey "rsa:$bits" -nodes -sha256 -days 3650 -subj "/CN=Bench CA" -keyout ca.key -out ca.crt
openssl req -newkey "rsa:$bits" -nodes -sha256 -subj "/CN=127.0.0.1" -keyout server.key -out server.csr
printf 'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n' > server.ext
openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -sha256 -days 397 -extfile server.ext -out server.crt

if command -v htpasswd > /dev/null; then
  htpasswd -niBC 5 bench > htpasswd
else
  # The same hash by the kit's own library, where Apache's program is not installed.
  node "$(dirname "$0")/htpasswd.ts" bench > htpasswd
fi

docker run --detach --name "$name" --restart unless-stopped --publish "127.0.0.1:$port:5000" \
  --volume "$folder:/certs:ro" \
  --env REGISTRY_HTTP_TLS_CERTIFICATE=/certs/server.crt --env REGISTRY_HTTP_TLS_KEY=/certs/server.key \
  --env REGISTRY_AUTH=htpasswd --env REGISTRY_AUTH_HTPASSWD_REALM=Registry --env REGISTRY_AUTH_HTPASSWD_PATH=/certs/htpasswd \
  "$image"
