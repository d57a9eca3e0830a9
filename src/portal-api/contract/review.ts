import { type Static, Type } from 'typebox';
import { OptionalReason, PendingApproval } from './approvals.ts';
import {
  APP_KINDS,
  APP_STATE_NAMES,
  AppDraft,
  AppEventResponse,
  AppVersionResponse,
  CatalogResponse,
  DEADLINE_STATES,
  ReviewDeadlineResponse,
} from './apps.ts';
import { Found, Id, Moment, nonBlankText, nullable, oneOf, PAGING } from './common.ts';
import { IssueResponse } from './issues.ts';

export const OrganisationResponse = Type.Object({
  organisationId: Id,
  name: Type.String(),
  domain: nullable(
    Type.String({ description: 'Email domain. null if the founder’s address is from a public email provider.' }),
  ),
  website: nullable(Type.String()),
  createdAt: Moment,
  verifiedAt: nullable(Moment),
});
export type OrganisationResponse = Static<typeof OrganisationResponse>;

export const APP_REGISTRANTS = ['developer', 'itself', 'operator', 'server'] as const;

/**
 * An app as administrators see it. They also see the apps that an operator registered and those
 * that registered themselves.
 */
export const ReviewedApp = Type.Object({
  clientId: Type.String(),
  name: Type.String(),
  kind: oneOf(APP_KINDS),
  state: oneOf(APP_STATE_NAMES),
  createdAt: Moment,
  logo: nullable(Type.String({ description: 'Path of the logo.' })),
  organisation: nullable(OrganisationResponse),
  registeredBy: oneOf(
    APP_REGISTRANTS,
    'developer: a developer of the organization; itself: dynamic registration (RFC 7591); operator: an operator at the command line; server: the app comes with the server.',
  ),
  /** The review deadline that runs now; null if no version is pending. */
  clock: nullable(ReviewDeadlineResponse),
});
export type ReviewedApp = Static<typeof ReviewedApp>;

export const ReviewQueueItem = Type.Object({
  ...ReviewedApp.properties,
  open: AppVersionResponse,
  clock: ReviewDeadlineResponse,
  /** Whether the version changes an app that was approved before. False for a first version. */
  isChange: Type.Boolean(),
  /** Whether two administrators must approve the version, because it has `system/` scopes. */
  needsTwo: Type.Boolean(),
  approvedFirstBy: nullable(Type.String()),
});
export type ReviewQueueItem = Static<typeof ReviewQueueItem>;

export const QUEUE_STATES = ['waiting', 'verified', 'asked'] as const;

export const QUEUE_ORDERS = ['due', 'name', 'newest'] as const;

export const ReviewQueueQuery = Type.Object(
  {
    state: Type.Optional(oneOf(QUEUE_STATES, 'asked: a question is waiting for the developer’s answer.')),
    standing: Type.Optional(oneOf(DEADLINE_STATES)),
    kind: Type.Optional(oneOf(APP_KINDS)),
    organisation: Type.Optional(Id),
    registeredBy: Type.Optional(oneOf(APP_REGISTRANTS)),
    changes: Type.Optional(Type.Boolean({ description: 'Only changes of approved apps.' })),
    text: Type.Optional(Type.String({ maxLength: 200, description: 'Part of a name or client_id.' })),
    sort: Type.Optional(oneOf(QUEUE_ORDERS, 'If omitted, due: the earliest deadline first.')),
    ...PAGING,
  },
  { additionalProperties: false },
);
export type ReviewQueueQuery = Static<typeof ReviewQueueQuery>;

export const ReviewQueueResponse = Type.Object({
  items: Type.Array(ReviewQueueItem),
  found: Found,
  /** Numbers of pending versions in the whole review queue, regardless of the filters. */
  counts: Type.Object({
    waiting: Type.Integer(),
    verified: Type.Integer(),
    asked: Type.Integer(),
    soon: Type.Integer(),
    late: Type.Integer(),
  }),
  mode: oneOf(['manual', 'automatic']),
});
export type ReviewQueueResponse = Static<typeof ReviewQueueResponse>;

export const APP_ORDERS = ['newest', 'oldest', 'name', 'relevance'] as const;
const RELEVANCE = 'relevance: names that begin with `text`, then names that contain it, then all others.';

export const ReviewedAppsQuery = Type.Object(
  {
    state: Type.Optional(oneOf(APP_STATE_NAMES)),
    kind: Type.Optional(oneOf(APP_KINDS)),
    organisation: Type.Optional(Id),
    registeredBy: Type.Optional(oneOf(APP_REGISTRANTS)),
    text: Type.Optional(Type.String({ maxLength: 200, description: 'Part of a name or client_id.' })),
    sort: Type.Optional(oneOf(APP_ORDERS, `If omitted, newest first. ${RELEVANCE}`)),
    ...PAGING,
  },
  { additionalProperties: false },
);
export const ReviewedAppsResponse = Type.Object({ apps: Type.Array(ReviewedApp), found: Found });
export type ReviewedAppsResponse = Static<typeof ReviewedAppsResponse>;

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

/** Result of one of the automatic checks that help administrators to review an app. */
export const ReviewCheckResponse = Type.Object({
  check: oneOf(['domain', 'redirect', 'policy', 'website', 'keys']),
  about: Type.String({ description: 'The URL that was checked.' }),
  ok: nullable(Type.Boolean({ description: 'null if an administrator has to check manually.' })),
  finding: oneOf(FINDINGS),
  domains: Type.Optional(
    Type.Object(
      { its: Type.String(), ofOrganisation: Type.String() },
      { description: 'For the findings same-domain and other-domain.' },
    ),
  ),
  fault: Type.Optional(IssueResponse),
  message: Type.String({ description: 'The whole result, in English.' }),
});
export type ReviewCheckResponse = Static<typeof ReviewCheckResponse>;
export const ReviewChecksResponse = Type.Object({ checks: Type.Array(ReviewCheckResponse) });
export type ReviewChecksResponse = Static<typeof ReviewChecksResponse>;

export const VersionDifference = Type.Object({
  field: Type.String({ description: 'Field of AppDraft.' }),
  before: Type.Unknown(),
  after: Type.Unknown(),
  /** Whether the change of this field needs a review. */
  matters: Type.Boolean(),
});
export type VersionDifference = Static<typeof VersionDifference>;

export const REVIEW_ACTIONS = ['verify', 'approve', 'reject', 'ask', 'suspend', 'resume', 'retire'] as const;
export type ReviewAction = (typeof REVIEW_ACTIONS)[number];

/**
 * Grounds for rejecting, suspending or retiring an app. Only `authenticity` and `security-risk`
 * apply to patient apps, because patients choose these apps themselves and administrators don't
 * judge their merit.
 */
export const GROUNDS = ['authenticity', 'security-risk', 'terms-broken', 'asked-by-developer', 'other'] as const;
export const DecisionGround = oneOf(GROUNDS);
export type DecisionGround = Static<typeof DecisionGround>;

export const ReviewNoteResponse = Type.Object({ noteId: Id, at: Moment, who: Type.String(), content: Type.String() });

export const RequestLimitResponse = Type.Object({
  perMinute: nullable(Type.Integer({ description: 'null if the default of the installation applies.' })),
  default: Type.Integer({ description: 'FHIR_REQUESTS_PER_MINUTE.' }),
});

export const AppReviewResponse = Type.Object({
  app: Type.Object({
    ...ReviewedApp.properties,
    open: nullable(AppVersionResponse),
    /**
     * Version of the logo under review. A request that approves the app must contain the same
     * version, so that no logo is approved that the administrator hasn't seen. null if there is no
     * logo.
     */
    openLogoVersion: nullable(Type.String()),
    /** Terms of the app that are in effect now. */
    terms: AppDraft,
  }),
  /** Members of the organization that develops the app. */
  people: Type.Array(Type.Object({ name: Type.String(), email: nullable(Type.String()), role: Type.String() })),
  /**
   * Name of the developer as shown to patients: the name of the organization, or the one that an
   * operator entered. null if none is shown.
   */
  developer: nullable(Type.String()),
  /** Terms in effect if the app was ever approved; null otherwise. */
  approved: nullable(AppDraft),
  versions: Type.Array(AppVersionResponse),
  differences: Type.Array(VersionDifference),
  history: Type.Array(AppEventResponse),
  notes: Type.Array(ReviewNoteResponse),
  needsTwo: Type.Boolean(),
  localOnly: Type.Boolean({
    description:
      'Whether all redirect URIs are on the patient’s own computer. Such an app works only for patients who run it there.',
  }),
  approvedFirstBy: nullable(Type.String()),
  /** Whether the signed-in administrator is the first of two approvers. */
  approvedFirstByYou: Type.Boolean(),
  /** Decisions about the app that are possible now. */
  actions: Type.Array(oneOf(REVIEW_ACTIONS)),
  /** Grounds that are allowed for rejecting, suspending and retiring this app. */
  grounds: Type.Object({
    reject: Type.Array(DecisionGround),
    suspend: Type.Array(DecisionGround),
    retire: Type.Array(DecisionGround),
  }),
  /** Practices whose data a backend app may access. Empty for other apps. */
  practices: Type.Array(
    Type.Object({ practiceId: Type.Integer(), name: Type.String(), kind: Type.String(), chosen: Type.Boolean() }),
  ),
  /** Texts of the questions about data use and of their possible answers. */
  questions: CatalogResponse.properties.dataUse,
  /** Number of patients who currently share data with the app. */
  connectedPatients: Type.Integer(),
  /** How many requests the app may send to the FHIR APIs per minute. */
  requestLimit: RequestLimitResponse,
});
export type AppReviewResponse = Static<typeof AppReviewResponse>;

export const RequestLimitBody = Type.Object(
  {
    perMinute: nullable(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description: 'Requests to the FHIR APIs per minute. null: the default of the installation.',
      }),
    ),
  },
  { additionalProperties: false },
);

const version = Type.Integer({
  minimum: 1,
  description: 'The version that the administrator reviewed. If another version is pending now: 409 `conflict`.',
});
const text = nonBlankText(4000, 'The developer can read this text.');

const SEEN = 'The name that the administrator saw. If the organization has another name now: 409 `conflict`.';
const organisation = Type.Optional(
  Type.String({
    maxLength: 100,
    description: `If present, the organization is verified too. ${SEEN}`,
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
      nullable(
        Type.String({ maxLength: 100, description: 'The logo that the administrator saw: `app.openLogoVersion`.' }),
      ),
    ),
    practiceIds: Type.Optional(
      Type.Array(Type.Integer(), {
        maxItems: 1000,
        description: 'For backend apps: the practices whose data the app may access.',
      }),
    ),
  },
  { additionalProperties: false },
);
export const RejectBody = Type.Object({ version, ground: DecisionGround, text }, { additionalProperties: false });
export const AskBody = Type.Object({ version, question: text }, { additionalProperties: false });
export const StopBody = Type.Object({ ground: DecisionGround, text }, { additionalProperties: false });
export const ResumeBody = Type.Object({ reason: OptionalReason }, { additionalProperties: false });
export const NoteBody = Type.Object({ content: nonBlankText(10_000) }, { additionalProperties: false });

export const DecisionResponse = Type.Object({
  state: oneOf(APP_STATE_NAMES, 'New state of the app.'),
  outcome: oneOf(
    ['verified', 'approved-first', 'approved', 'rejected', 'asked', 'suspended', 'resumed', 'retired', 'requested'],
    'approved-first: another administrator must approve the version too. requested: nothing changed yet, and another administrator must approve the action.',
  ),
  endedTokens: Type.Integer({ description: 'Number of access and refresh tokens that this decision ended.' }),
  approval: nullable(PendingApproval),
});
export type DecisionResponse = Static<typeof DecisionResponse>;

export const ReviewedOrganisation = Type.Object({
  ...OrganisationResponse.properties,
  verifiedBy: nullable(Type.String()),
  people: Type.Integer(),
  apps: Type.Integer(),
  versionsToVerify: Type.Integer({ description: 'Pending versions in the step `verify`.' }),
  versionsToEnable: Type.Integer({ description: 'Pending versions in the step `enable`.' }),
});
export type ReviewedOrganisation = Static<typeof ReviewedOrganisation>;
export const OrganisationsQuery = Type.Object(
  {
    verified: Type.Optional(Type.Boolean()),
    text: Type.Optional(Type.String({ maxLength: 200, description: 'Part of a name or domain.' })),
    sort: Type.Optional(oneOf(APP_ORDERS, `If omitted, by name. ${RELEVANCE}`)),
    ...PAGING,
  },
  { additionalProperties: false },
);
export const ReviewedOrganisationsResponse = Type.Object({
  organisations: Type.Array(ReviewedOrganisation),
  found: Found,
});
export type ReviewedOrganisationsResponse = Static<typeof ReviewedOrganisationsResponse>;
