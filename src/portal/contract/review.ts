import { type Static, type TSchema, Type } from 'typebox';
import { Id, Moment, written } from './answers.ts';
import { APP_KINDS, APP_STATE_NAMES, AppDraft, CatalogueAnswer, EventAnswer, VersionAnswer } from './apps.ts';
import { FaultAnswer } from './faults.ts';

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const oneOf = <const Names extends readonly string[]>(names: Names, description?: string) =>
  Type.Unsafe<Names[number]>(Type.String({ enum: [...names], ...(description === undefined ? {} : { description }) }));

export const OrganisationAnswer = Type.Object({
  organisationId: Id,
  name: Type.String(),
  domain: orNull(Type.String({ description: 'null: its founder wrote from a public mail provider.' })),
  website: orNull(Type.String()),
  createdAt: Moment,
  verifiedAt: orNull(Moment),
});
export type OrganisationAnswer = Static<typeof OrganisationAnswer>;

export const CLOCK_STANDINGS = ['in-time', 'soon', 'late'] as const;

/** The current deadline: `verify` for authenticity, then `enable`. */
export const ClockAnswer = Type.Object({
  step: oneOf(['verify', 'enable']),
  /** Start of the period. */
  since: Moment,
  due: Moment,
  /** Business days in total. */
  businessDays: Type.Integer(),
  /** Business days left; negative if the deadline has passed. */
  businessDaysLeft: Type.Integer(),
  standing: oneOf(CLOCK_STANDINGS),
});
export type ClockAnswer = Static<typeof ClockAnswer>;

export const REGISTRARS = ['developer', 'itself', 'operator', 'server'] as const;

/** An app as shown to administrators, including apps that an operator registered or that registered themselves. */
export const ReviewedApp = Type.Object({
  clientId: Type.String(),
  name: Type.String(),
  kind: oneOf(APP_KINDS),
  state: oneOf(APP_STATE_NAMES),
  createdAt: Moment,
  logo: orNull(Type.String({ description: 'Path of its picture.' })),
  organisation: orNull(OrganisationAnswer),
  registeredBy: oneOf(
    REGISTRARS,
    'A developer of its organization; itself: dynamic registration (RFC 7591); an operator at the command line; it came with the server.',
  ),
  /** null if no version is pending. */
  clock: orNull(ClockAnswer),
});
export type ReviewedApp = Static<typeof ReviewedApp>;

export const QueueItem = Type.Object({
  ...ReviewedApp.properties,
  open: VersionAnswer,
  clock: ClockAnswer,
  /** Whether this changes an approved app. False for a first version. */
  isChange: Type.Boolean(),
  /** `system/` scopes: two administrators must approve. */
  needsTwo: Type.Boolean(),
  approvedFirstBy: orNull(Type.String()),
});
export type QueueItem = Static<typeof QueueItem>;

export const QUEUE_STATES = ['waiting', 'verified', 'asked'] as const;

export const QueueQuestion = Type.Object(
  {
    state: Type.Optional(oneOf(QUEUE_STATES, 'asked: a question waits for the developer’s answer.')),
    standing: Type.Optional(oneOf(CLOCK_STANDINGS)),
    kind: Type.Optional(oneOf(APP_KINDS)),
    organisation: Type.Optional(Id),
    registeredBy: Type.Optional(oneOf(REGISTRARS)),
    changes: Type.Optional(Type.Boolean({ description: 'Only changes of apps that work already.' })),
    text: Type.Optional(Type.String({ maxLength: 200, description: 'Part of a name, or of a client_id.' })),
  },
  { additionalProperties: false },
);
export type QueueQuestion = Static<typeof QueueQuestion>;

export const QueueAnswer = Type.Object({
  items: Type.Array(QueueItem, { description: 'At most 200 of those that were asked for, what is due first.' }),
  /** Number of matches. */
  found: Type.Integer(),
  /** Counts over the whole queue, regardless of filters. */
  counts: Type.Object({
    waiting: Type.Integer(),
    verified: Type.Integer(),
    asked: Type.Integer(),
    soon: Type.Integer(),
    late: Type.Integer(),
  }),
  mode: oneOf(['manual', 'automatic']),
});
export type QueueAnswer = Static<typeof QueueAnswer>;

export const AppsQuestion = Type.Object(
  {
    state: Type.Optional(oneOf(APP_STATE_NAMES)),
    kind: Type.Optional(oneOf(APP_KINDS)),
    organisation: Type.Optional(Id),
    registeredBy: Type.Optional(oneOf(REGISTRARS)),
    text: Type.Optional(Type.String({ maxLength: 200, description: 'Part of a name, or of a client_id.' })),
  },
  { additionalProperties: false },
);
export const ReviewedApps = Type.Object({ apps: Type.Array(ReviewedApp) });
export type ReviewedApps = Static<typeof ReviewedApps>;

export const FINDINGS = [
  'same-domain',
  'other-domain',
  'no-domain',
  'rules-kept',
  'rules-broken',
  'loopback',
  'own-scheme',
  'answers',
  'does-not-answer',
  'cannot-tell',
  'not-given',
  'keys-usable',
  'keys-unusable',
] as const;

/** The result of one automatic check for administrators. */
export const CheckAnswer = Type.Object({
  check: oneOf(['domain', 'redirect', 'policy', 'website', 'keys']),
  about: Type.String({ description: 'The address that was looked at.' }),
  ok: orNull(Type.Boolean({ description: 'null: it could not be told, and somebody has to look.' })),
  finding: oneOf(FINDINGS),
  domains: Type.Optional(
    Type.Object({ its: Type.String(), ofOrganisation: Type.String() }, { description: 'same-domain, other-domain.' }),
  ),
  fault: Type.Optional(FaultAnswer),
  message: Type.String({ description: 'All of it, in English.' }),
});
export type CheckAnswer = Static<typeof CheckAnswer>;
export const ChecksAnswer = Type.Object({ checks: Type.Array(CheckAnswer) });
export type ChecksAnswer = Static<typeof ChecksAnswer>;

export const DifferenceAnswer = Type.Object({
  field: Type.String({ description: 'Of AppDraft' }),
  before: Type.Unknown(),
  after: Type.Unknown(),
  /** Whether the field waits for review. */
  matters: Type.Boolean(),
});
export type DifferenceAnswer = Static<typeof DifferenceAnswer>;

export const REVIEW_ACTIONS = ['verify', 'approve', 'reject', 'ask', 'suspend', 'resume', 'retire'] as const;
export type ReviewAction = (typeof REVIEW_ACTIONS)[number];

/**
 * Grounds for rejecting, suspending or retiring an app. Only the first two apply to patient apps,
 * which are not vetted on merit.
 */
export const GROUNDS = ['authenticity', 'security-risk', 'terms-broken', 'asked-by-developer', 'other'] as const;
export const Ground = oneOf(GROUNDS);
export type Ground = Static<typeof Ground>;

export const NoteAnswer = Type.Object({ noteId: Id, at: Moment, who: Type.String(), content: Type.String() });

export const ReviewAnswer = Type.Object({
  app: Type.Object({
    ...ReviewedApp.properties,
    open: orNull(VersionAnswer),
    /** Version of the pending logo, which an approval must send back; null if there is none. */
    openLogoVersion: orNull(Type.String()),
    /** Current terms. */
    terms: AppDraft,
  }),
  /** Members of the organization. */
  people: Type.Array(Type.Object({ name: Type.String(), email: orNull(Type.String()), role: Type.String() })),
  /**
   * Developer name shown to patients: the organization, or the name that an operator entered; null if
   * none is shown.
   */
  developer: orNull(Type.String()),
  /** Live terms; null if nothing was approved yet. */
  approved: orNull(AppDraft),
  versions: Type.Array(VersionAnswer),
  differences: Type.Array(DifferenceAnswer),
  history: Type.Array(EventAnswer),
  notes: Type.Array(NoteAnswer),
  needsTwo: Type.Boolean(),
  localOnly: Type.Boolean({
    description: 'All redirect URIs are on the patient’s own computer: it works only for a patient who runs it there.',
  }),
  approvedFirstBy: orNull(Type.String()),
  /** Whether the signed-in administrator is the first approver. */
  approvedFirstByYou: Type.Boolean(),
  /** Actions that are possible now. */
  actions: Type.Array(oneOf(REVIEW_ACTIONS)),
  /** Allowed grounds for rejecting, suspending and retiring it. */
  grounds: Type.Object({
    reject: Type.Array(Ground),
    suspend: Type.Array(Ground),
    retire: Type.Array(Ground),
  }),
  /** Backend apps: practices whose data it may access. Empty for other apps. */
  practices: Type.Array(
    Type.Object({ practiceId: Type.Integer(), name: Type.String(), kind: Type.String(), chosen: Type.Boolean() }),
  ),
  /** The questions about health data and their possible answers, as text. */
  questions: CatalogueAnswer.properties.dataUse,
  /** Number of patients who currently share data with it. */
  connectedPatients: Type.Integer(),
});
export type ReviewAnswer = Static<typeof ReviewAnswer>;

const version = Type.Integer({
  minimum: 1,
  description: 'The version that was looked at. Another one that waits meanwhile: 409 `conflict`.',
});
const text = written(4000, 'The developer reads it.');

const SEEN = 'The name that was looked at. It has another meanwhile: 409 `conflict`.';
const organisation = Type.Optional(
  Type.String({
    maxLength: 100,
    description: `Who the organization is was made sure of too: it is verified from now on. ${SEEN}`,
  }),
);

export const VerifyOrganisationBody = Type.Object(
  { name: Type.String({ maxLength: 100, description: SEEN }) },
  { additionalProperties: false },
);

export const VerifyBody = Type.Object({ version, organisation }, { additionalProperties: false });
export const ApproveBody = Type.Object(
  {
    version,
    organisation,
    logoVersion: Type.Optional(
      orNull(Type.String({ maxLength: 100, description: 'The picture that was looked at: `app.openLogoVersion`.' })),
    ),
    practiceIds: Type.Optional(
      Type.Array(Type.Integer(), { maxItems: 1000, description: 'Backend apps: whose data it may have.' }),
    ),
  },
  { additionalProperties: false },
);
export const RejectBody = Type.Object({ version, ground: Ground, text }, { additionalProperties: false });
export const AskBody = Type.Object({ version, question: text }, { additionalProperties: false });
export const StopBody = Type.Object({ ground: Ground, text }, { additionalProperties: false });
export const NoteBody = Type.Object({ content: written(10_000) }, { additionalProperties: false });

export const DecisionAnswer = Type.Object({
  state: oneOf(APP_STATE_NAMES, 'Of the app, from now on.'),
  outcome: oneOf(
    ['verified', 'approved-first', 'approved', 'rejected', 'asked', 'suspended', 'resumed', 'retired'],
    'approved-first: another administrator has to approve it as well.',
  ),
  endedTokens: Type.Integer({ description: 'Access and refresh tokens that were good until now.' }),
});
export type DecisionAnswer = Static<typeof DecisionAnswer>;

export const ReviewedOrganisation = Type.Object({
  ...OrganisationAnswer.properties,
  verifiedBy: orNull(Type.String()),
  people: Type.Integer(),
  apps: Type.Integer(),
});
export type ReviewedOrganisation = Static<typeof ReviewedOrganisation>;
export const OrganisationsQuestion = Type.Object(
  {
    verified: Type.Optional(Type.Boolean()),
    text: Type.Optional(Type.String({ maxLength: 200, description: 'Part of a name or domain.' })),
  },
  { additionalProperties: false },
);
export const ReviewedOrganisations = Type.Object({ organisations: Type.Array(ReviewedOrganisation) });
export type ReviewedOrganisations = Static<typeof ReviewedOrganisations>;
