/**
 * A setting of the server, which operators make with an environment variable. `npm run reference` generates
 * docs/reference/settings.md from the list of all settings.
 */
export interface Setting {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
  /**
   * True for a setting whose value contains a password or token. Its value is never displayed, and the setting with the
   * suffix `_FILE` names a file that contains the value.
   */
  readonly secret?: boolean;
}

export const SETTINGS = [
  { name: 'PORT', default: '8080', meaning: 'Port to listen on.' },
  {
    name: 'HOST',
    default: '127.0.0.1',
    meaning:
      'Address to listen on. `0.0.0.0` listens on all networks of this machine. Set PUBLIC_URL too in that case.',
  },
  {
    name: 'WORKERS',
    default: '1',
    meaning:
      'Number of server processes that share the port: 1 to 32. Use at most one for each core, and leave cores for the database (docs/operating.md).',
  },
  {
    name: 'PUBLIC_URL',
    default: 'http://localhost:PORT',
    meaning:
      'Address that people and apps use: scheme, host and port, without a path. It must be `https`, except on this machine.',
  },
  {
    name: 'PREFIX',
    default: '/nge/prod',
    meaning: 'Path of the authorization server and of both FHIR APIs.',
  },
  {
    name: 'DATA_DIR',
    default: '`.data` in the checkout, or a folder for this checkout in `/var/lib/patient-access`',
    meaning: 'Folder of the embedded database. Not used with `DATABASE_URL`.',
  },
  {
    name: 'DATABASE_URL',
    default: '',
    meaning:
      'Your own PostgreSQL (15 or newer), used instead of the embedded one. With several hosts, `postgresql://user:password@host1:5432,host2:5432/database?target_session_attrs=read-write`, the server uses the host that accepts writes, also after a failover. PgBouncer must be 1.21 or newer, with `pool_mode = transaction` and the settings in docs/operating.md.',
    secret: true,
  },
  {
    name: 'MIGRATION_DATABASE_URL',
    default: '',
    meaning:
      'The same database with the role that owns its tables. It updates the schema and gives the role of `DATABASE_URL` its rights (docs/operating.md). Without it, the role of `DATABASE_URL` does everything.',
    secret: true,
  },
  {
    name: 'DATABASE_READ_URL',
    default: '',
    meaning:
      'A streaming standby of the same database, from which the server reads the contents of large results if it has them in their current version (docs/production.md). With several hosts, the server uses one that is a standby. Without it, everything is read from `DATABASE_URL`. Not with distributed tables (docs/scale-operations.md).',
    secret: true,
  },
  {
    name: 'ENCRYPTION_KEY_FILE',
    default: '',
    meaning:
      'File with the key that encrypts signing keys, authenticator secrets and emails in the database. `patient-access keys create-encryption FILE` creates it. All processes need the same key. The embedded database has one of its own, `encryption-key` in `DATA_DIR`, which the first start creates. A new installation with `DATABASE_URL` and a `PUBLIC_URL` that isn’t on this machine needs a key (docs/encryption.md).',
  },
  {
    name: 'ENCRYPTION_KEY_PROGRAM',
    default: '',
    meaning:
      'Program that encrypts with a key in a hardware module or a key service, instead of a key in a file. If both are set, the keys in the file can still decrypt (docs/encryption.md).',
  },
  {
    name: 'DATABASE_POOL',
    default: '10',
    meaning:
      'Most connections in the pool of a process, each worker of `WORKERS` included: 2 to 200. Each process opens up to five more: one for the audit log, three for reads by id and short pages, and one for `/readyz`. With `DATABASE_READ_URL`, it opens as many to the standby.',
  },
  {
    name: 'STATEMENT_TIMEOUT_SECONDS',
    default: '30',
    meaning:
      'Seconds after which PostgreSQL cancels a statement of the server: 1 to 600. Migrations have no limit. With PgBouncer, set it for the role too (docs/operating.md).',
  },
  {
    name: 'WAL_ARCHIVE_DIR',
    default: '',
    meaning:
      'Folder to which the embedded database archives its write-ahead log, so that a backup can be restored to a chosen second. It should be on another disk. Set it for commands too. Not used with `DATABASE_URL` (docs/backup.md).',
  },
  {
    name: 'AUDIT_ARCHIVE_DIR',
    default: '`audit-archive` in `DATA_DIR`; with `DATABASE_URL` none',
    meaning:
      'Folder to which sealed days of the audit log are archived. All servers must have the same folder. Without one, the audit log stays in the database (docs/audit-log.md).',
  },
  {
    name: 'AUDIT_RETENTION_YEARS',
    default: '6',
    meaning:
      'Years after which a month of the audit log that is archived is dropped from the database: 6 to 100. Patients see who read their record for that time.',
  },
  {
    name: 'SANDBOX',
    default: 'on',
    meaning:
      '`off` leaves out the sandbox practice, its patients, the demo app and the API explorer’s app. If `PUBLIC_URL` isn’t on this machine, it must be set to `on` or `off`, because the passwords of the sandbox are public.',
  },
  {
    name: 'PROVISIONAL_APPS',
    default: 'sandbox',
    meaning:
      'Access of apps that are not approved yet: `sandbox` gives them the sandbox practices, `inactive` gives them nothing.',
  },
  {
    name: 'PATIENT_APP_REVIEW',
    default: 'manual',
    meaning:
      'Approval of patient apps: `manual`, by an administrator; `automatic`, by the server, if the developer is verified and the app requests only patient scopes.',
  },
  {
    name: 'DYNAMIC_REGISTRATION',
    default: 'off',
    meaning:
      'Whether apps may register themselves (RFC 7591): `off`; `sandbox`, as provisional apps; `open`, as active apps without approval.',
  },
  {
    name: 'AUTHORIZATION_RESPONSE_ISS',
    default: 'off',
    meaning:
      '`on` adds `iss` to authorization responses (RFC 9207). It protects apps that use several servers against mix-up attacks. One-page apps built with fhirclient 2.6 then fail at their second sign-in (docs/decisions/041).',
  },
  {
    name: 'TRUSTED_JWKS_HOSTS',
    default: '',
    meaning:
      'Hosts from which the server may fetch an app’s keys over http or in a private network, comma-separated: `host` or `host:port`. All other hosts need https and a public address.',
  },
  {
    name: 'SENSITIVE_LABELS',
    default: '',
    meaning:
      'A JSON file: `[{"system": …, "code": …, "label": {"en": …, "es": …}, "basis": {"en": …, "es": …}}, …]`. A patient’s app gets entries with one of these labels (`meta.security`, or a document’s `securityLabel`) only if the patient selects that label on the consent page, which shows the legal basis.',
  },
  {
    name: 'CONSUMER_NAMES',
    default: '',
    meaning:
      'A JSON file with plain names for medical terms: `[{"system": …, "code": …, "language": …, "name": …}, …]`. Patients see the plain name and, in parentheses, the name that the practice sent. The server has no such names of its own, because they need a license.',
  },
  {
    name: 'EXPORT_HOURS',
    default: '24',
    meaning: 'Hours that the files of a finished export (Bulk Data) are stored: 1 to 168.',
  },
  {
    name: 'FHIR_REQUESTS_PER_MINUTE',
    default: '12000',
    meaning:
      'Requests to the FHIR APIs that each app may send per minute, at once or spread over the minute: 60 to 1000000. Each process counts for itself. An administrator can set another number for an app.',
  },
  {
    name: 'VALIDATION',
    default: 'warn',
    meaning:
      'Validation of loaded and fed data against FHIR R4 and its declared profiles. `off`: none. `warn`: issues are stored for `patient-access validation issues`; only data that isn’t FHIR JSON, such as a number in place of text, is rejected. `strict`: data with an error is rejected.',
  },
  {
    name: 'VALIDATION_GUIDES',
    default: '',
    meaning:
      'Implementation guides whose profiles validation knows, comma-separated: packages (`.tgz`) or folders of JSON files. If several define the same profile, the last one counts.',
  },
  {
    name: 'DSTU2_DEPRECATED',
    default: '',
    meaning:
      'Date (UTC) or instant, such as `2027-01-31T18:00:00Z`, from which apps should stop using the DSTU2 API. DSTU2 responses carry it in the `Deprecation` header (RFC 9745), and Conformance states it.',
  },
  {
    name: 'DSTU2_SUNSET',
    default: '',
    meaning:
      'Planned end of the DSTU2 API, not before `DSTU2_DEPRECATED`. DSTU2 responses carry it in the `Sunset` header (RFC 8594), and Conformance states it. The server does not turn the API off by itself.',
  },
  {
    name: 'PASSWORD_COST',
    default: 'm=19456,t=2',
    meaning:
      'Memory in KiB and passes of argon2id for a new password. The minimum is one of `m=47104,t=1`, `m=19456,t=2`, `m=12288,t=3`, `m=9216,t=4` and `m=7168,t=5` (OWASP). Existing passwords keep their cost.',
  },
  {
    name: 'PRACTICE_NAME',
    default: 'Live practice',
    meaning: 'Name of the live practice that the first start creates.',
  },
  {
    name: 'BRAND_NAME',
    default: 'Patient Access',
    meaning: 'Name of the installation on pages that belong to no practice.',
  },
  {
    name: 'SMTP_URL',
    default: '',
    meaning:
      'Email server: `smtp://user:password@host:587`, which has to offer STARTTLS unless it is on this machine, or `smtps://…:465`. Without one, no email is sent: messages stay in the outbox at `/outbox`.',
    secret: true,
  },
  {
    name: 'MAIL_FROM',
    default: '',
    meaning: 'Sender address of emails. Required with SMTP_URL.',
  },
  {
    name: 'TRUST_PROXY',
    default: '',
    meaning:
      'Addresses of the reverse proxies in front of the server, comma-separated: IP, CIDR or `loopback`. Sign-in limits per address then use their X-Forwarded-For header, and log and audit log have the id in their X-Request-Id header.',
  },
  {
    name: 'METRICS_PORT',
    default: '',
    meaning:
      'Port for Prometheus metrics at `/metrics`, on the address in `HOST`. Don’t make it public. Without this setting and `METRICS_TOKEN`, there are no metrics.',
  },
  {
    name: 'METRICS_TOKEN',
    default: '',
    meaning:
      'Bearer token that a request for metrics needs: 16 to 200 visible characters. Without `METRICS_PORT`, the metrics are then at `/metrics` of the server itself. With several `WORKERS`, set `METRICS_PORT` too.',
    secret: true,
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    default: '',
    meaning:
      'Address of an OpenTelemetry collector, such as `http://collector:4318`. The server sends traces to `/v1/traces` there (OTLP/HTTP, protobuf). Without this setting and `OTEL_TRACES_EXPORTER`, there are no traces (docs/monitoring.md).',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_HEADERS',
    default: '',
    meaning: 'Headers of each export, such as a key: `name=value,name=value`, with percent-encoded values.',
    secret: true,
  },
  {
    name: 'OTEL_TRACES_EXPORTER',
    default: '',
    meaning:
      '`otlp` turns traces on, and without an address sends them to `http://localhost:4318`. `none` turns them off.',
  },
  {
    name: 'OTEL_SERVICE_NAME',
    default: 'patient-access',
    meaning: 'Name of this server in traces.',
  },
  {
    name: 'OTEL_TRACES_SAMPLER',
    default: 'parentbased_always_on',
    meaning:
      'Which traces are recorded: `always_on`, `always_off` or `traceidratio`. With the prefix `parentbased_`, a trace that a proxy in `TRUST_PROXY` began is recorded if the proxy records it.',
  },
  {
    name: 'OTEL_TRACES_SAMPLER_ARG',
    default: '1',
    meaning: 'Share of the traces that `traceidratio` and `parentbased_traceidratio` record: 0 to 1.',
  },
  {
    name: 'DRAIN_SECONDS',
    default: '0',
    meaning:
      'Seconds for which a server that is asked to stop still answers new requests, while `/readyz` already answers 503: 0 to 600. Set it to the time that your load balancer needs to notice.',
  },
  {
    name: 'LOG_FORMAT',
    default: 'text',
    meaning:
      '`text` prints addresses and the first administrator’s link at the start, and then the log in JSON lines. `json` prints only JSON lines and no link; create one with `administrators invite`.',
  },
  {
    name: 'LOG_LEVEL',
    default: 'info',
    meaning: '`debug`, `info`, `warn`, `error` or `silent`. Logs never contain health data, tokens or query strings.',
  },
] as const satisfies readonly Setting[];

export type SettingName = (typeof SETTINGS)[number]['name'];
