#!/bin/bash
# Makes a namespace a machine of its own, and becomes the bash in which the test pastes the commands of the production
# guide. /etc, /opt, /usr/local and /var are copies, and /run is empty. Arguments: an empty folder, the checkout, and
# the node of the tests.
set -euo pipefail
folder=$1 checkout=$2 node=$3
tools=$(cd "$(dirname "$0")" && pwd)
programs=$(dirname "$tools")/..

ip link set lo up
mount -t tmpfs tmpfs "$folder"
for place in /opt /etc /usr/local /var; do
  mkdir -p "$folder$place/upper" "$folder$place/work"
  mount -t overlay overlay -o "lowerdir=$place,upperdir=$folder$place/upper,workdir=$folder$place/work" "$place"
  # Two releases, both of them this checkout. An overlay doesn't show what is mounted below it.
  if [ "$place" = /opt ]; then
    for release in /opt/patient-access-1 /opt/patient-access-2; do
      mkdir "$release"
      mount --bind "$checkout" "$release"
    done
  fi
done
for place in /run /var/lib/postgresql /etc/postgresql; do mount -t tmpfs -o mode=755 tmpfs "$place"; done
mkdir -p /run/guide/bin /run/guide/home /run/postgresql
chown postgres:postgres /run/postgresql /var/lib/postgresql
install -m 755 "$tools/systemctl" /run/guide/bin/systemctl
ln -s "$node" /run/guide/bin/node
export PATH="/run/guide/bin:$PATH" HOME=/run/guide/home

# A certificate authority, and certificates for the two hosts of this machine.
mkdir /run/guide/tls
cd /run/guide/tls
new_key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
openssl req -x509 "${new_key[@]}" -days 2 -subj '/CN=Authority' -keyout ca.key -out ca.pem 2> /dev/null
for host in care.example.net db.example.net; do
  openssl req "${new_key[@]}" -subj "/CN=$host" -keyout "$host.key" -out "$host.csr" 2> /dev/null
  openssl x509 -req -in "$host.csr" -days 2 -CA ca.pem -CAkey ca.key -CAcreateserial \
    -extfile <(echo "subjectAltName=DNS:$host") -out "$host.pem" 2> /dev/null
  echo "127.0.0.1 $host" >> /etc/hosts
done
export CURL_CA_BUNDLE=/run/guide/tls/ca.pem

version=$(basename "$(ls -d /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1 | xargs dirname | xargs dirname)")
pg_createcluster --port 5432 "$version" main > /dev/null
pg_ctlcluster "$version" main start

"$node" "$programs/servers/mail-server-program.ts" > /run/guide/smtp-url < /dev/null &
until [ -s /run/guide/smtp-url ]; do sleep 0.1; done
cat > /run/guide/export.ndjson << 'JSON'
{"resourceType":"Patient","id":"p1","name":[{"family":"Reyes","given":["Ana"]}],"gender":"female","birthDate":"1980-05-17"}
JSON

cd /
exec bash --noprofile --norc
