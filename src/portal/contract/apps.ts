import { type Static, type TSchema, Type } from 'typebox';
import { Id, Moment, written } from './answers.ts';
import { FAULT, FaultAnswer } from './faults.ts';

const oneOf = <const Names extends readonly string[]>(names: Names) =>
  Type.Unsafe<Names[number]>(Type.String({ enum: [...names] }));
const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

export const APP_KINDS = ['patient', 'staff', 'backend'] as const;
export const APP_AUTHS = ['none', 'secret', 'private_key_jwt'] as const;
export const APP_STATE_NAMES = ['provisional', 'active', 'rejected', 'suspended', 'retired'] as const;
export const VERSION_STATES = ['waiting', 'verified', 'approved', 'rejected', 'withdrawn', 'replaced'] as const;

/** Everything a developer enters about an app, as one document. */
export const AppDraft = Type.Object(
  {
    kind: oneOf(APP_KINDS),
    name: Type.String({ maxLength: 200 }),
    description: Type.String({
      maxLength: 2000,
      description: 'What it is for; shown in the gallery and to administrators.',
    }),
    website: Type.String({ maxLength: 2000, description: 'Empty: none.' }),
    policyUri: Type.String({ maxLength: 2000, description: 'Privacy policy, shown at consent. Empty: none.' }),
    termsUri: Type.String({ maxLength: 2000, description: 'Terms of use. Empty: none.' }),
    redirectUris: Type.Array(Type.String({ maxLength: 2000 }), { maxItems: 50 }),
    launchUri: Type.String({ maxLength: 2000, description: 'Staff apps: SMART EHR launch. Empty: none.' }),
    apis: Type.Array(oneOf(['r4', 'dstu2']), { maxItems: 2 }),
    scope: Type.String({ maxLength: 10_000, description: 'Scopes, with spaces between.' }),
    auth: oneOf(APP_AUTHS),
    jwks: Type.Optional(Type.Unknown({ description: 'RFC 7517 key set, by value.' })),
    jwksUri: Type.String({ maxLength: 2000, description: 'Where its keys are fetched from. Empty: none.' }),
    dpopBound: Type.Boolean(),
    requireAud: Type.Boolean(),
    dataUse: Type.Record(Type.String({ maxLength: 30 }), Type.String({ maxLength: 30 }), {
      maxProperties: 30,
      description: 'Answers on data use, by question; see the catalogue.',
    }),
    listed: Type.Boolean({
      description: 'In the public gallery once it is active, unless all its redirect URIs are on localhost.',
    }),
  },
  { additionalProperties: false },
);
export type AppDraft = Static<typeof AppDraft>;

/** A submitted version with its deadlines. */
export const VersionAnswer = Type.Object({
  version: Type.Integer(),
  state: oneOf(VERSION_STATES),
  terms: AppDraft,
  submittedAt: Moment,
  submittedBy: orNull(Type.String()),
  verifyBy: Moment,
  verifiedAt: orNull(Moment),
  enableBy: orNull(Moment),
  question: orNull(Type.String({ description: 'What an administrator asks and waits to be answered.' })),
  askedAt: orNull(Moment),
  decidedAt: orNull(Moment),
  reason: orNull(Type.String()),
  logo: Type.Optional(orNull(Type.String({ description: 'Path of the picture that it was handed in with.' }))),
  waits: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Of an open version: fields of the draft (and `logo`) that are not yet what works.',
    }),
  ),
});
export type VersionAnswer = Static<typeof VersionAnswer>;

export const SecretAnswer = Type.Object({
  secretId: Id,
  name: Type.String(),
  createdAt: Moment,
  expiresAt: orNull(Moment),
});
export type SecretAnswer = Static<typeof SecretAnswer>;

/** A new secret. It can be read only in this response. */
export const NewSecretAnswer = Type.Object({ ...SecretAnswer.properties, clientSecret: Type.String() });
export type NewSecretAnswer = Static<typeof NewSecretAnswer>;

export const AppSummary = Type.Object({
  clientId: Type.String(),
  organisationId: Id,
  name: Type.String(),
  kind: oneOf(APP_KINDS),
  state: oneOf(APP_STATE_NAMES),
  createdAt: Moment,
  logo: orNull(Type.String({ description: 'Path of its picture.' })),
  /** The pending version. */
  open: orNull(VersionAnswer),
});
export type AppSummary = Static<typeof AppSummary>;

export const AppAnswer = Type.Object({
  ...AppSummary.properties,
  terms: AppDraft,
  revision: Type.String({
    description: 'Changes with what a form begins from: handed in with it, nothing is overwritten.',
  }),
  secrets: Type.Array(SecretAnswer),
  versions: Type.Array(VersionAnswer),
  firstCallAt: orNull(Moment),
  /** Permissions of the signed-in person. */
  may: Type.Object({ change: Type.Boolean(), administer: Type.Boolean() }),
});
export type AppAnswer = Static<typeof AppAnswer>;

export const NewAppAnswer = Type.Object({
  app: AppAnswer,
  /** Shown once; null if the app has no secret. */
  clientSecret: orNull(Type.String()),
});
export type NewAppAnswer = Static<typeof NewAppAnswer>;

/** Days until a secret expires; null or omitted: no expiration. */
const SecretDays = Type.Optional(orNull(Type.Integer({ minimum: 1, maximum: 365 })));

export const NewApp = Type.Object(
  { organisationId: Id, draft: AppDraft, secretDays: SecretDays },
  { additionalProperties: false },
);
export type NewApp = Static<typeof NewApp>;

/** The complete app as it should become. Start from `open.terms` if a version is pending, otherwise from `terms`. */
export const NewVersion = Type.Object(
  {
    draft: AppDraft,
    revision: Type.Optional(
      Type.String({ maxLength: 64, description: 'Of the app that the draft began from; 409 if it is another by now.' }),
    ),
  },
  { additionalProperties: false },
);
export type NewVersion = Static<typeof NewVersion>;

export const NewVersionAnswer = Type.Object({
  app: AppAnswer,
  /** Draft fields that wait for review. All other changes are in effect. */
  waits: Type.Array(Type.String()),
  applied: Type.Array(Type.String()),
  /** Shown once, for an app that starts to use a secret. */
  clientSecret: orNull(Type.String()),
});
export type NewVersionAnswer = Static<typeof NewVersionAnswer>;

/** Changes how an app authenticates, effective at once. Requires a recent authentication. */
export const AuthChange = Type.Object(
  {
    auth: oneOf(APP_AUTHS),
    jwks: Type.Optional(Type.Unknown()),
    jwksUri: Type.Optional(Type.String({ maxLength: 2000 })),
    secretDays: SecretDays,
  },
  { additionalProperties: false },
);
export type AuthChange = Static<typeof AuthChange>;

export const NewSecret = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 60, description: 'Where it is used.' })),
    days: SecretDays,
  },
  { additionalProperties: false },
);
export type NewSecret = Static<typeof NewSecret>;

export const ADDRESS_KINDS = ['policy', 'terms', 'website', 'jwks'] as const;
export const AddressToCheck = Type.Object(
  { kind: oneOf(ADDRESS_KINDS), uri: Type.String({ maxLength: 2000 }) },
  { additionalProperties: false },
);
export type AddressToCheck = Static<typeof AddressToCheck>;

export const LanguageAsked = oneOf(['en', 'es']);

export const PreviewOrder = Type.Object(
  {
    draft: AppDraft,
    language: LanguageAsked,
    organisationId: Type.Optional(Id),
    clientId: Type.Optional(Type.String({ maxLength: 200, description: 'Of an app there is: with its picture.' })),
  },
  { additionalProperties: false },
);
export type PreviewOrder = Static<typeof PreviewOrder>;

/**
 * HTML for a sandboxed frame (`srcdoc`) in which nothing can be pressed; null for backend apps, which
 * have no consent page.
 */
export const PreviewAnswer = Type.Object({ html: orNull(Type.String()) });
export type PreviewAnswer = Static<typeof PreviewAnswer>;

/** Settings of an app as code samples. `YOUR_CLIENT_SECRET` is the placeholder for the secret. */
export const EnvironmentAnswer = Type.Object({
  blocks: Type.Array(
    Type.Object({
      format: oneOf(['env', 'json', 'curl', 'run-node', 'run-python', 'javascript', 'python', 'swift', 'kotlin']),
      title: Type.String(),
      text: Type.String(),
    }),
  ),
});
export type EnvironmentAnswer = Static<typeof EnvironmentAnswer>;

export const DeveloperReply = Type.Object({ text: written(2000) }, { additionalProperties: false });

export const EventAnswer = Type.Object({
  at: Moment,
  kind: Type.String({
    description:
      'registered, submitted, verified, asked, answered, approved-first, approved, rejected, withdrawn, suspended, resumed, retired, secret-made, secret-ended, changed',
  }),
  bySide: oneOf(['developer', 'operator', 'server']),
  who: orNull(Type.String({ description: 'Of the developer’s own side: who it was.' })),
  version: orNull(Type.Integer()),
  detail: Type.Record(Type.String(), Type.Unknown()),
});
export type EventAnswer = Static<typeof EventAnswer>;

/** The options for registering an app, in plain words, generated from the server's own tables. */
export const CatalogueAnswer = Type.Object({
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
      auths: Type.Array(oneOf(APP_AUTHS)),
      /** Scopes that are not about one resource type: openid, offline_access … */
      others: Type.Array(Type.Object({ scope: Type.String(), label: Type.String(), hint: Type.String() })),
      /** Scopes of one resource type: `patient/Observation.rs`. */
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
  secretLifetimes: Type.Array(Type.Object({ days: orNull(Type.Integer()), label: Type.String() })),
});
export type CatalogueAnswer = Static<typeof CatalogueAnswer>;

export const DraftQuestion = Type.Object(
  {
    clientId: Type.Optional(
      Type.String({
        maxLength: 200,
        description:
          'Of an app that whoever asks may change: the draft is judged as a change of it. Left out: as a new app.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const FaultsAnswer = Type.Object({
  faults: Type.Array(
    Type.Object({ field: Type.String({ description: 'Path in the draft: `redirectUris.0`.' }), ...FAULT }),
  ),
});
export type FaultsAnswer = Static<typeof FaultsAnswer>;

export const ADDRESS_FINDINGS = ['reached', 'keys-usable', 'no-address', 'not-reached', 'keys-unusable'] as const;

/** The result of fetching an address, from public networks only. */
export const AddressCheck = Type.Object({
  ok: Type.Boolean(),
  finding: oneOf(ADDRESS_FINDINGS),
  host: Type.Optional(Type.String({ description: 'reached: the host that answered.' })),
  keys: Type.Optional(Type.Integer({ description: 'keys-usable: how many of the keys can be used.' })),
  fault: Type.Optional(FaultAnswer),
  message: Type.String({ description: 'All of it, in English.' }),
});
export type AddressCheck = Static<typeof AddressCheck>;
