/** Every setting there is. README's table is made of this one, and a test holds them together. */
export interface Setting {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
}

export const SETTINGS = [
  { name: 'PORT', default: '8080', meaning: 'Port to listen on.' },
  {
    name: 'HOST',
    default: '127.0.0.1',
    meaning: 'Address to listen on. `0.0.0.0` for every network this machine is in; then set PUBLIC_URL too.',
  },
  {
    name: 'PUBLIC_URL',
    default: 'http://localhost:PORT',
    meaning: 'What people and apps type: scheme, host and port, without a path. `https` anywhere but on this machine.',
  },
  { name: 'PREFIX', default: '/nge/prod', meaning: 'Path that the authorization server and both FHIR APIs lie under.' },
  {
    name: 'DATA_DIR',
    default: '.data in the checkout, or a folder for this checkout in /var/lib/patient-access',
    meaning: 'Where the embedded database lives. Not used with `DATABASE_URL`.',
  },
  {
    name: 'DATABASE_URL',
    default: '',
    meaning:
      'A PostgreSQL (15 or newer) of your own, instead of the embedded one. Through PgBouncer: 1.21 or newer, `pool_mode = transaction` and `ignore_startup_parameters = statement_timeout` (docs/decisions/033).',
  },
  {
    name: 'SANDBOX',
    default: 'on',
    meaning: '`off` leaves out the sandbox practice, its patients, the demo app and the API explorer’s.',
  },
  {
    name: 'PROVISIONAL_APPS',
    default: 'sandbox',
    meaning: 'What an app may do before it is approved: `sandbox`, reach sandbox practices; `inactive`, nothing.',
  },
  {
    name: 'PATIENT_APP_REVIEW',
    default: 'manual',
    meaning:
      'Who lets apps of patients go live: `manual`, an administrator; `automatic`, the server itself, for developers who are verified and scopes of patients only.',
  },
  {
    name: 'DYNAMIC_REGISTRATION',
    default: 'off',
    meaning:
      'Whether apps may register themselves (RFC 7591): `off`; `sandbox`, as provisional; `open`, as active, without anybody’s approval.',
  },
  {
    name: 'AUTHORIZATION_RESPONSE_ISS',
    default: 'off',
    meaning:
      '`on` adds `iss` to the redirects of authorize (RFC 9207), a defense against mix-up attacks for apps that use several servers. One-page apps built with fhirclient 2.6 then fail at their second sign-in (docs/decisions/041).',
  },
  {
    name: 'TRUSTED_JWKS_HOSTS',
    default: '',
    meaning:
      'Hosts that an app’s keys may be fetched from over http and on a private network, comma-separated: `host` or `host:port`. All others: https, public addresses.',
  },
  {
    name: 'SENSITIVE_LABELS',
    default: '',
    meaning:
      'A JSON file: `[{"system": …, "code": …, "label": {"en": …, "es": …}, "basis": {"en": …, "es": …}}, …]`. Entries of a record that have one of these labels (`meta.security`, or a document’s `securityLabel`) are shared with a patient’s app only where the patient ticks it by itself, with the legal basis shown.',
  },
  {
    name: 'EXPORT_HOURS',
    default: '24',
    meaning: 'How long the files of an export (Bulk Data) are kept after it is done: 1 to 168 hours.',
  },
  {
    name: 'VALIDATION',
    default: 'warn',
    meaning:
      'Whether what is loaded or sent by feeds is held against FHIR R4 and the profiles it claims: `off`; `warn`, faults are kept for `patient-access faults`, and only what is no JSON of FHIR (a number for text, one value for an array) is refused; `strict`, what has an error is refused.',
  },
  {
    name: 'VALIDATION_GUIDES',
    default: '',
    meaning:
      'Implementation guides whose profiles are known to validation, comma-separated: packages (`.tgz`) or folders of JSON files. Of several that have the same profile the last one holds.',
  },
  {
    name: 'DSTU2_DEPRECATED',
    default: '',
    meaning:
      'Since when, or from when on, apps should not use the DSTU2 API any more: a date (UTC) or an instant such as `2027-01-31T18:00:00Z`. All its answers say so, in the header `Deprecation` (RFC 9745), and Conformance does.',
  },
  {
    name: 'DSTU2_SUNSET',
    default: '',
    meaning:
      'When the DSTU2 API is meant to go, as `DSTU2_DEPRECATED` and not before it: said in the header `Sunset` (RFC 8594) and in Conformance. The server does not turn it off by itself.',
  },
  {
    name: 'PASSWORD_COST',
    default: 'm=19456,t=2',
    meaning:
      'Memory in KiB and passes that argon2id takes for a new password. At least one of `m=47104,t=1`, `m=19456,t=2`, `m=12288,t=3`, `m=9216,t=4` and `m=7168,t=5` (OWASP). Passwords that are set already keep working at their cost.',
  },
  { name: 'PRACTICE_NAME', default: 'Live practice', meaning: 'Name of the live practice, made at first start.' },
  {
    name: 'BRAND_NAME',
    default: 'Patient Access',
    meaning: 'What the installation is called on pages of no practice.',
  },
  {
    name: 'SMTP_URL',
    default: '',
    meaning:
      'Mail server: `smtp://user:password@host:587`, or `smtps://…:465`. Without one no mail is sent: it stays in the outbox, at `/outbox`.',
  },
  { name: 'MAIL_FROM', default: '', meaning: 'Address that mail is from. Needed with SMTP_URL.' },
  {
    name: 'TRUST_PROXY',
    default: '',
    meaning:
      'Addresses of the reverse proxies in front, comma-separated: IP, CIDR or `loopback`. Their X-Forwarded-For is believed when attempts to sign in are counted by address.',
  },
  {
    name: 'LOG_LEVEL',
    default: 'info',
    meaning:
      '`debug`, `info`, `warn`, `error` or `silent`. No log line ever holds health data, a token or a query string.',
  },
] as const satisfies readonly Setting[];

export type SettingName = (typeof SETTINGS)[number]['name'];
