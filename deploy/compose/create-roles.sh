#!/bin/bash
# Creates the two roles and the database when the volume is empty. Each password is part of a URL in the secrets.
set -euo pipefail

password_in() {
  sed -E 's|^[^:]+://[^:]+:([^@]+)@.*$|\1|' "/run/secrets/$1"
}

psql --set=ON_ERROR_STOP=1 --quiet --no-psqlrc --username "${POSTGRES_USER:-postgres}" \
  --set=owner_password="$(password_in owner-url)" --set=server_password="$(password_in server-url)" <<'SQL'
create role patient_access_owner login password :'owner_password';
create role patient_access_server login password :'server_password';
create database records owner patient_access_owner encoding 'UTF8' template template0;
SQL
