import { type Static, Type } from 'typebox';
import { Id, Moment, nonBlankText, nullable, oneOf } from './common.ts';
import { ISSUE_PROPERTIES, IssueResponse } from './issues.ts';

export const APP_KINDS = ['patient', 'staff', 'backend'] as const;
export const APP_AUTH_METHODS = ['none', 'secret', 'private_key_jwt'] as const;
export const APP_CATEGORIES = [
  'records',
  'medicines',
  'fitness',
  'conditions',
  'family',
  'research',
  'insurance',
] as const;
export const APP_STATE_NAMES = ['provisional', 'active', 'rejected', 'suspended', 'retired'] as const;
export const VERSION_STATES = ['waiting', 'verified', 'approved', 'rejected', 'withdrawn', 'replaced'] as const;

export const AppParams = Type.Object({ clientId: Type.String({ maxLength: 200 }) });

/** The terms of an app that its developer edits. A request sends all of them together. */
export const AppDraft = Type.Object(
  {
    kind: oneOf(APP_KINDS),
    name: Type.String({ maxLength: 200 }),
    description: Type.String({
      maxLength: 2000,
      description: 'Purpose of the app. Shown in the gallery and to administrators.',
    }),
    website: Type.String({ maxLength: 2000, description: 'Empty if there is none.' }),
    policyUri: Type.String({
      maxLength: 2000,
      description: 'Privacy policy, shown on the consent page. Empty if there is none.',
    }),
    termsUri: Type.String({ maxLength: 2000, description: 'Terms of use. Empty if there are none.' }),
    redirectUris: Type.Array(Type.String({ maxLength: 2000 }), { maxItems: 50 }),
    launchUri: Type.String({
      maxLength: 2000,
      description: 'Launch URI of a staff app (SMART EHR launch). Empty if there is none.',
    }),
    apis: Type.Array(oneOf(['r4', 'dstu2']), { maxItems: 2 }),
    scope: Type.String({ maxLength: 10_000, description: 'Scopes, separated by spaces.' }),
    auth: oneOf(APP_AUTH_METHODS),
    jwks: Type.Optional(Type.Unknown({ description: 'RFC 7517 key set.' })),
    jwksUri: Type.String({ maxLength: 2000, description: 'URL of the key set. Empty if there is none.' }),
    dpopBound: Type.Boolean(),
    requireAud: Type.Boolean(),
    dataUse: Type.Record(Type.String({ maxLength: 30 }), Type.String({ maxLength: 30 }), {
      maxProperties: 30,
      description: 'Answers about data use, by question. See the catalog.',
    }),
    listed: Type.Boolean({
      description:
        'Whether the app appears in the public gallery when it is active. Apps whose redirect URIs are all on localhost never appear.',
    }),
    category: Type.Optional(
      nullable(oneOf(APP_CATEGORIES, 'Category in the gallery. null or omitted if there is none.')),
    ),
    initiateLoginUri: Type.Optional(
      Type.String({
        maxLength: 2000,
        description:
          'URL that the gallery opens to start the app, which then starts the authorization (initiate_login_uri in OpenID Connect). Empty or omitted if there is none.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type AppDraft = Static<typeof AppDraft>;

export const DEADLINE_STATES = ['in-time', 'soon', 'late'] as const;

/**
 * The review deadline that runs now. In the step `verify` administrators verify that the developer
 * is authentic, and in the step `enable` after it they decide about the app. Developers and
 * administrators get the same deadline.
 */
export const ReviewDeadlineResponse = Type.Object({
  step: oneOf(['verify', 'enable']),
  /** Time from which the deadline's business days are counted. */
  since: Moment,
  due: Moment,
  /** Last possible deadline of the step `enable`. Equals `due` in that step. */
  enableBy: Moment,
  /** Business days from `since` to the deadline. */
  businessDays: Type.Integer(),
  /** Business days left until the deadline; negative if it has passed. */
  businessDaysLeft: Type.Integer(),
  standing: oneOf(DEADLINE_STATES),
});
export type ReviewDeadlineResponse = Static<typeof ReviewDeadlineResponse>;

/** A version of an app that was submitted for review, with its review deadlines. */
export const AppVersionResponse = Type.Object({
  version: Type.Integer(),
  state: oneOf(VERSION_STATES),
  terms: AppDraft,
  submittedAt: Moment,
  submittedBy: nullable(Type.String()),
  verifyBy: Moment,
  verifiedAt: nullable(Moment),
  enableBy: nullable(Moment),
  /** The review deadline that runs now; null if the version isn't pending. */
  clock: nullable(ReviewDeadlineResponse),
  question: nullable(Type.String({ description: 'Open question from an administrator.' })),
  askedAt: nullable(Moment),
  decidedAt: nullable(Moment),
  reason: nullable(Type.String()),
  logo: Type.Optional(nullable(Type.String({ description: 'Path of the logo that was submitted with this version.' }))),
  waits: Type.Optional(
    Type.Array(Type.String(), {
      description: 'For an open version: fields of the draft (and `logo`) that differ from the terms in effect.',
    }),
  ),
});
export type AppVersionResponse = Static<typeof AppVersionResponse>;

export const SecretResponse = Type.Object({
  secretId: Id,
  name: Type.String(),
  createdAt: Moment,
  expiresAt: nullable(Moment),
});
export type SecretResponse = Static<typeof SecretResponse>;

/** A new client secret. It can be read only in this response. */
export const NewSecretResponse = Type.Object({ ...SecretResponse.properties, clientSecret: Type.String() });
export type NewSecretResponse = Static<typeof NewSecretResponse>;

export const AppSummary = Type.Object({
  clientId: Type.String(),
  organisationId: Id,
  name: Type.String(),
  kind: oneOf(APP_KINDS),
  state: oneOf(APP_STATE_NAMES),
  createdAt: Moment,
  logo: nullable(Type.String({ description: 'Path of the logo.' })),
  /** The version of the app that waits for a decision; null if there is none. */
  open: nullable(AppVersionResponse),
});
export type AppSummary = Static<typeof AppSummary>;

export const AppResponse = Type.Object({
  ...AppSummary.properties,
  terms: AppDraft,
  revision: Type.String({
    description:
      'Revision of the app’s terms. Send it with a change, so that the change doesn’t overwrite another one.',
  }),
  secrets: Type.Array(SecretResponse),
  versions: Type.Array(AppVersionResponse),
  firstCallAt: nullable(Moment),
  /** Actions that the signed-in person's role allows on the app. */
  may: Type.Object({ change: Type.Boolean(), administer: Type.Boolean() }),
});
export type AppResponse = Static<typeof AppResponse>;

export const NewAppResponse = Type.Object({
  app: AppResponse,
  /** Client secret of the new app, shown only once. null if the app doesn't use a secret. */
  clientSecret: nullable(Type.String()),
});
export type NewAppResponse = Static<typeof NewAppResponse>;

/** Days until a secret expires. If null or omitted, the secret doesn't expire. */
const SecretDays = Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 365 })));

export const NewAppRequest = Type.Object(
  { organisationId: Id, draft: AppDraft, secretDays: SecretDays },
  { additionalProperties: false },
);
export type NewAppRequest = Static<typeof NewAppRequest>;

/**
 * Request that changes an app. The draft replaces all terms of the app. To change single fields,
 * send a changed copy of the app's `open.terms` if a version is pending, otherwise of its `terms`.
 */
export const NewVersionRequest = Type.Object(
  {
    draft: AppDraft,
    revision: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'Revision that the draft is based on. 409 if the app has changed since then.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type NewVersionRequest = Static<typeof NewVersionRequest>;

export const NewVersionResponse = Type.Object({
  app: AppResponse,
  /** Names of the changed fields that wait for a review. All other changes are in effect. */
  waits: Type.Array(Type.String()),
  applied: Type.Array(Type.String()),
  /** New client secret, shown only once. null unless the app starts to use a secret with this change. */
  clientSecret: nullable(Type.String()),
});
export type NewVersionResponse = Static<typeof NewVersionResponse>;

/**
 * Request that changes how an app authenticates. The change is effective at once and requires a
 * recent authentication.
 */
export const AuthMethodRequest = Type.Object(
  {
    auth: oneOf(APP_AUTH_METHODS),
    jwks: Type.Optional(Type.Unknown()),
    jwksUri: Type.Optional(Type.String({ maxLength: 2000 })),
    secretDays: SecretDays,
  },
  { additionalProperties: false },
);
export type AuthMethodRequest = Static<typeof AuthMethodRequest>;

export const NewSecretRequest = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 60, description: 'Where the secret is used.' })),
    days: SecretDays,
  },
  { additionalProperties: false },
);
export type NewSecretRequest = Static<typeof NewSecretRequest>;

export const ADDRESS_KINDS = ['policy', 'terms', 'website', 'jwks'] as const;
export const AddressCheckRequest = Type.Object(
  { kind: oneOf(ADDRESS_KINDS), uri: Type.String({ maxLength: 2000 }) },
  { additionalProperties: false },
);
export type AddressCheckRequest = Static<typeof AddressCheckRequest>;

export const RequestedLanguage = oneOf(['en', 'es']);

export const PreviewRequest = Type.Object(
  {
    draft: AppDraft,
    language: RequestedLanguage,
    organisationId: Type.Optional(Id),
    clientId: Type.Optional(
      Type.String({ maxLength: 200, description: 'Client ID of an existing app, to preview the page with its logo.' }),
    ),
  },
  { additionalProperties: false },
);
export type PreviewRequest = Static<typeof PreviewRequest>;

/**
 * Consent page of an app as HTML, in which nothing can be clicked. Show it in a sandboxed iframe
 * (`srcdoc`). null for backend apps, which have no consent page.
 */
export const PreviewResponse = Type.Object({ html: nullable(Type.String()) });
export type PreviewResponse = Static<typeof PreviewResponse>;

/** Code samples that contain an app's settings. `YOUR_CLIENT_SECRET` is the placeholder for the client secret. */
export const CodeSamplesResponse = Type.Object({
  blocks: Type.Array(
    Type.Object({
      format: oneOf(['env', 'json', 'curl', 'run-node', 'run-python', 'javascript', 'python', 'swift', 'kotlin']),
      title: Type.String(),
      text: Type.String(),
    }),
  ),
});
export type CodeSamplesResponse = Static<typeof CodeSamplesResponse>;

export const DeveloperReply = Type.Object({ text: nonBlankText(2000) }, { additionalProperties: false });

export const AppEventResponse = Type.Object({
  at: Moment,
  kind: Type.String({
    description:
      'registered, submitted, verified, asked, answered, approved-first, approved, rejected, withdrawn, suspended, resumed, retired, secret-made, secret-ended, changed',
  }),
  bySide: oneOf(['developer', 'operator', 'server']),
  who: nullable(Type.String({ description: 'Name of the person, if they belong to the developer’s organization.' })),
  version: nullable(Type.Integer()),
  detail: Type.Record(Type.String(), Type.Unknown()),
});
export type AppEventResponse = Static<typeof AppEventResponse>;

/**
 * The kinds, APIs, authentication methods and scopes that an app can be registered with, each with
 * a readable label.
 */
export const CatalogResponse = Type.Object({
  apis: Type.Array(
    Type.Object({
      api: oneOf(['r4', 'dstu2']),
      name: Type.String({ description: 'nge.prod.fhir-api-r4' }),
      title: Type.String(),
    }),
  ),
  kinds: Type.Record(
    Type.String(),
    Type.Object({
      auths: Type.Array(oneOf(APP_AUTH_METHODS)),
      /** Scopes that are not about one resource type, such as openid and offline_access. */
      others: Type.Array(Type.Object({ scope: Type.String(), label: Type.String(), hint: Type.String() })),
      /** Scopes of one resource type, such as `patient/Observation.rs`. */
      resources: Type.Array(
        Type.Object({
          scope: Type.String(),
          type: Type.String(),
          label: Type.String(),
          apis: Type.Array(oneOf(['r4', 'dstu2'])),
        }),
      ),
    }),
  ),
  dataUse: Type.Array(
    Type.Object({
      question: Type.String(),
      text: Type.String(),
      answers: Type.Array(Type.Object({ answer: Type.String(), text: Type.String() })),
    }),
  ),
  secretLifetimes: Type.Array(Type.Object({ days: nullable(Type.Integer()), label: Type.String() })),
});
export type CatalogResponse = Static<typeof CatalogResponse>;

export const DraftCheckQuery = Type.Object(
  {
    clientId: Type.Optional(
      Type.String({
        maxLength: 200,
        description:
          'Client ID of an app that the caller may change. The draft is checked as a change of that app. If omitted, as a new app.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const DraftIssuesResponse = Type.Object({
  faults: Type.Array(
    Type.Object({
      field: Type.String({ description: 'Path in the draft, such as `redirectUris.0`.' }),
      ...ISSUE_PROPERTIES,
    }),
  ),
});
export type DraftIssuesResponse = Static<typeof DraftIssuesResponse>;

export const ADDRESS_FINDINGS = ['reached', 'keys-usable', 'no-address', 'not-reached', 'keys-unusable'] as const;

/** Result of fetching an address that a developer entered. The server fetches from public networks only. */
export const AddressCheckResponse = Type.Object({
  ok: Type.Boolean(),
  finding: oneOf(ADDRESS_FINDINGS),
  host: Type.Optional(Type.String({ description: 'For reached: the host that responded.' })),
  keys: Type.Optional(Type.Integer({ description: 'For keys-usable: the number of usable keys.' })),
  fault: Type.Optional(IssueResponse),
  message: Type.String({ description: 'The whole result, in English.' }),
});
export type AddressCheckResponse = Static<typeof AddressCheckResponse>;
