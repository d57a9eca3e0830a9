import { type AppKind, DATA_USE } from '../../domain/index.ts';
import type { ArgumentDefinition, CommandDefinition, CommandNote, OptionDefinition } from '../definition.ts';

/** Default scope of each kind of app: everything that the app can be granted, except write access. */
export const DEFAULT_SCOPE: Readonly<Record<AppKind, string>> = {
  patient: 'openid profile fhirUser launch/patient offline_access online_access patient/*.rs',
  staff: 'openid profile fhirUser launch launch/patient offline_access online_access patient/*.rs user/*.rs',
  backend: 'system/*.rs',
};

const CLIENT_ID = { name: 'CLIENT_ID', text: 'The app: its client_id, as in apps list' } as const;

const SIGNATURES = { value: 'ALG', text: 'id_token signature', choices: ['RS256', 'ES256'] } as const;

/** An option of `apps set` that turns something on or off. */
const onOff = (text: string) => ({ value: 'on|off', text, choices: ['on', 'off'] }) as const satisfies OptionDefinition;

/** The questions about data use. Questions with the same answers share a row. */
const DATA_USE_ANSWERS: CommandNote = {
  title: 'Answers about data use, for --answer',
  rows: [...Map.groupBy(Object.entries(DATA_USE), ([, answers]) => answers.toSorted().join(', '))].map(([, alike]) => [
    alike.map(([question]) => question).join(', '),
    alike[0]?.[1].join(', ') ?? '',
  ]),
};

export const APPS_LIST = {
  name: 'apps list',
  summary: 'List the registered apps',
  description: 'List the registered apps.',
  examples: ['apps list', 'apps list --json'],
} as const satisfies CommandDefinition;

export const APPS_SHOW = {
  name: 'apps show',
  summary: 'Show the registration of an app',
  description: 'Show the registration of an app, its secrets, and its answers about data use.',
  arguments: [CLIENT_ID],
  examples: ['apps show $CLIENT_ID'],
} as const satisfies CommandDefinition;

export const APPS_ADD = {
  name: 'apps add',
  summary: 'Register an app',
  description:
    'Register an app and print its client_id and client_secret. An app with keys has no secret. The app reaches the sandbox only, until an administrator approves it.',
  options: {
    name: { value: 'NAME', text: 'Name that people see', required: true },
    api: { value: 'API…', text: 'FHIR versions: r4, dstu2', multiple: true, required: true },
    'redirect-uri': { value: 'URI…', text: 'Redirect URIs. A backend app has none', multiple: true },
    kind: { value: 'KIND', text: 'Kind', choices: ['patient', 'staff', 'backend'], default: 'patient' },
    scope: { value: 'SCOPES', text: 'Scopes it may request (default: all to read)' },
    public: { text: 'Public app, which has no secret' },
    jwks: { value: 'FILE', text: 'File with its public keys, instead of a secret' },
    'jwks-uri': { value: 'URL', text: 'URL of its public keys, instead of a secret' },
    'launch-uri': { value: 'URL', text: 'URL that opens a staff app from a chart' },
    practice: { value: 'NAME…', text: 'Practices of a backend app (default: sandbox)', multiple: true },
    developer: { value: 'NAME', text: 'Developer that patients see' },
    verified: { text: 'You have verified the developer' },
    'policy-uri': { value: 'URL', text: 'Privacy policy, an https URL' },
    answer: { value: 'QUESTION=ANSWER…', text: 'Answers about data use, such as sold=no', multiple: true },
    'require-aud': { text: 'Reject authorization requests without aud' },
    'may-introspect': { text: 'Allow it to introspect the tokens of all apps' },
    'id-token-alg': { ...SIGNATURES, default: 'RS256' },
    'dpop-bound': { text: 'Require DPoP, which binds tokens to a key' },
    active: { text: 'Approve the app at once' },
  },
  examples: [
    'apps add --name "My app" --api r4,dstu2 \\\n  --redirect-uri http://localhost:3000/callback',
    'apps add --name "Data export" --kind backend --api r4 \\\n  --jwks-uri https://app.example/jwks.json --practice "Live practice"',
  ],
  details: [
    `Without \`--scope\`, a patient app may request \`${DEFAULT_SCOPE.patient}\`, a staff app \`${DEFAULT_SCOPE.staff}\`, and a backend app \`${DEFAULT_SCOPE.backend}\`.`,
    'A backend app needs keys. It reads the practices of `--practice`, or only the sandbox without it. With c, u or d in its `system/` scopes it can also write, and needs exactly one practice.',
    'The questions and answers of `--answer` are listed at [apps set](#apps-set).',
  ],
} as const satisfies CommandDefinition;

export const APPS_SET = {
  name: 'apps set',
  summary: 'Change the registration of an app',
  description: 'Change the registration of an app. Options that you leave out don’t change.',
  arguments: [CLIENT_ID],
  options: {
    api: { value: 'API…', text: 'FHIR versions, which replace the current ones', multiple: true },
    'redirect-uri': { value: 'URI…', text: 'Redirect URIs, which replace the current ones', multiple: true },
    scope: { value: 'SCOPES', text: 'Scopes that the app may request' },
    'launch-uri': { value: 'URL', text: 'URL that opens a staff app from a chart' },
    practice: { value: 'NAME…', text: 'Practices, which replace the current ones', multiple: true },
    developer: { value: 'NAME', text: 'Developer that patients see' },
    verified: onOff('Whether you have verified the developer'),
    'policy-uri': { value: 'URL', text: 'Privacy policy, an https URL' },
    answer: { value: 'QUESTION=ANSWER…', text: 'Answers about data use; sold= withdraws one', multiple: true },
    'require-aud': onOff('Reject authorization requests without aud'),
    'query-secret': onOff('Accept its secret in the query of a URL'),
    'may-introspect': onOff('Allow it to introspect the tokens of all apps'),
    'id-token-alg': SIGNATURES,
    'dpop-bound': onOff('Require DPoP, which binds tokens to a key'),
    'requests-per-minute': { value: 'N|default', text: 'FHIR requests that it may send per minute' },
  },
  notes: [DATA_USE_ANSWERS],
  examples: [
    'apps set $CLIENT_ID --redirect-uri https://app.example/callback',
    'apps set $CLIENT_ID --developer "Acme Health" --verified on',
    'apps set $CLIENT_ID --requests-per-minute 60000',
  ],
  details: [
    'A new `--developer` without `--verified on` withdraws the verification.',
    'An empty value of `--developer` or `--policy-uri` removes it.',
    'Without `--requests-per-minute`, or with `default`, the limit is `FHIR_REQUESTS_PER_MINUTE`.',
  ],
} as const satisfies CommandDefinition;

const STATE = {
  name: 'STATE',
  text: 'New state',
  choices: ['active', 'rejected', 'suspended', 'retired', 'provisional'],
} as const satisfies ArgumentDefinition;

export const APPS_SET_STATE = {
  name: 'apps set-state',
  summary: 'Approve, reject, suspend or retire an app',
  description:
    'Change the state of an app, as administrators do at /review. Its tokens stop or resume at once. To reject, suspend or retire it, give a ground and a reason.',
  arguments: [CLIENT_ID, STATE],
  options: {
    ground: { value: 'GROUND', text: 'Ground of a decision against the app' },
    reason: { value: 'TEXT', text: 'Reason, which the developers can see' },
  },
  notes: [
    {
      title: 'Possible changes',
      rows: [
        ['provisional', 'to active, rejected or retired'],
        ['active', 'to suspended or retired'],
        ['suspended', 'to active or retired'],
        ['rejected', 'to provisional or retired'],
      ],
    },
    {
      title: 'Grounds',
      rows: [
        ['authenticity, security-risk', 'for all apps'],
        ['terms-broken, other', 'for staff and backend apps only'],
        ['asked-by-developer', 'to retire an app only'],
      ],
    },
  ],
  examples: [
    'apps set-state $CLIENT_ID active',
    'apps set-state $CLIENT_ID suspended --ground security-risk \\\n  --reason "A key leaked. Replace it, then ask us to resume the app."',
  ],
} as const satisfies CommandDefinition;

export const APPS_SECRET = {
  name: 'apps secret',
  summary: 'Add or end a client secret',
  description:
    'Add a second client secret, or end one. Both secrets work meanwhile, so you can rotate without downtime.',
  arguments: [CLIENT_ID],
  options: {
    name: { value: 'NAME', text: 'Name of the new secret' },
    'expires-in': { value: 'DAYS', text: 'Days until the new secret expires (default: never)' },
    end: { value: 'CREATED_AT', text: 'End the secret with this time in apps show' },
  },
  usages: ['CLIENT_ID [--name NAME] [--expires-in DAYS]', 'CLIENT_ID --end CREATED_AT'],
  examples: [
    'apps secret $CLIENT_ID --name Production --expires-in 365',
    'apps secret $CLIENT_ID --end 2026-04-01T12:00:00.000Z',
  ],
} as const satisfies CommandDefinition;

export const APPS_LOG = {
  name: 'apps log',
  summary: 'Show rejected requests of an app',
  description: 'Show why the authorization server or the FHIR API rejected requests of an app, newest first.',
  arguments: [CLIENT_ID],
  options: { limit: { value: 'N', text: 'Maximum number of rows', default: '50' } },
  examples: ['apps log $CLIENT_ID --limit 10'],
} as const satisfies CommandDefinition;

export const GRANTS_LIST = {
  name: 'grants list',
  summary: 'List the access that people gave to apps',
  description: 'List the access that people gave to apps, with person, app, record, data, start, end and status.',
  options: {
    username: { value: 'NAME', text: 'Only the access that this account gave' },
    client: { value: 'CLIENT_ID', text: 'Only the access of this app' },
    patient: { value: 'PATIENT_ID', text: 'Only the access to this patient’s records' },
  },
  examples: ['grants list', 'grants list --client $CLIENT_ID'],
} as const satisfies CommandDefinition;

export const GRANTS_END = {
  name: 'grants end',
  summary: 'End the access of an app',
  description: 'End the access of an app. Its tokens stop working within a second.',
  arguments: [{ name: 'GRANT_ID', text: 'The grant, as in grants list' }],
  options: {
    by: { value: 'WHO', text: 'Who requested it', choices: ['patient', 'staff'], required: true },
    reason: { value: 'TEXT', text: 'Reason, for the audit log' },
  },
  examples: ['grants end $GRANT_ID --by patient --reason "Asked by phone"'],
} as const satisfies CommandDefinition;
