import { type Static, type TSchema, Type } from 'typebox';
import { Id, Moment } from './answers.ts';

const oneOf = <const Names extends readonly string[]>(names: Names) =>
  Type.Unsafe<Names[number]>(Type.String({ enum: [...names] }));
const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

// Gallery
export const GalleryApp = Type.Object({
  clientId: Type.String(),
  name: Type.String(),
  description: orNull(Type.String()),
  developer: orNull(Type.String()),
  verified: Type.Boolean({ description: 'An administrator made sure who makes it.' }),
  logo: orNull(Type.String({ description: 'Path of its picture.' })),
  website: orNull(Type.String({ description: 'https alone.' })),
  policy: orNull(Type.String({ description: 'Privacy policy; https alone.' })),
  asksFor: Type.Array(Type.String(), { description: 'Kinds of data, in plain words.' }),
  dataUse: Type.Record(Type.String(), Type.String(), {
    description: 'Its own answers on data use, by question; what is missing was not answered.',
  }),
});
export type GalleryApp = Static<typeof GalleryApp>;

export const GalleryAnswer = Type.Object({ total: Type.Integer(), apps: Type.Array(GalleryApp) });
export const GalleryQuery = Type.Object(
  { q: Type.Optional(Type.String({ maxLength: 200, description: 'Words to look for.' })) },
  { additionalProperties: false },
);

// Brands
export const FindingAnswer = Type.Object({
  check: Type.String({ description: 'Stable name of the rule.' }),
  severity: oneOf(['fault', 'warning']),
  clause: Type.String({ description: 'Where the rule is written.' }),
  about: Type.String({ description: 'The resource: `Organization/…`, or `Bundle`.' }),
  name: Type.String(),
  value: orNull(Type.String()),
  message: Type.String({ description: 'What is wrong and how to mend it.' }),
});
export type FindingAnswer = Static<typeof FindingAnswer>;

export const ChangeAnswer = Type.Object({
  what: oneOf(['added', 'removed', 'changed']),
  type: Type.String(),
  name: Type.String(),
  fields: Type.Array(Type.String()),
});
export type ChangeAnswer = Static<typeof ChangeAnswer>;

export const BrandsVersionAnswer = Type.Object({
  version: Type.Integer(),
  publishedAt: Moment,
  by: orNull(Type.String({ description: 'null: the server by itself, as a practice changed.' })),
  changes: Type.Array(ChangeAnswer),
});
export type BrandsVersionAnswer = Static<typeof BrandsVersionAnswer>;

export const BRAND_CATEGORIES = [
  'prov',
  'ins',
  'laboratory',
  'imaging',
  'pharmacy',
  'health-information-network',
  'health-data-aggregator',
] as const;

export const PracticeBrandFields = Type.Object(
  {
    npi: Type.String({ maxLength: 20, description: 'National Provider Identifier. Empty: none.' }),
    category: oneOf(BRAND_CATEGORIES),
    aliases: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 20 }),
    locations: Type.Array(Type.String({ maxLength: 300 }), { maxItems: 100 }),
    partOf: orNull(Type.Integer({ description: 'The practice whose portal it shares.' })),
  },
  { additionalProperties: false },
);
export type PracticeBrandFields = Static<typeof PracticeBrandFields>;

export const PracticeBrandAnswer = Type.Object({
  practiceId: Type.Integer(),
  name: Type.String(),
  kind: oneOf(['sandbox', 'live']),
  enabled: Type.Boolean({ description: 'Its API is on: otherwise it is not published.' }),
  logo: orNull(Type.String()),
  website: orNull(Type.String()),
  address: orNull(Type.String()),
  missing: Type.Array(oneOf(['location', 'identifier']), {
    description: 'What keeps it out of the list: 45 CFR 170.404(b)(2). Empty: it is listed if its API is on.',
  }),
  ...PracticeBrandFields.properties,
});
export type PracticeBrandAnswer = Static<typeof PracticeBrandAnswer>;

export const BrandsAnswer = Type.Object({
  addresses: Type.Object({
    bundle: Type.String(),
    serviceBaseUrls: Type.String(),
    r4: Type.String({ description: 'The list with the endpoints of FHIR R4 alone.' }),
    page: Type.String(),
  }),
  published: orNull(
    Type.Object({
      version: Type.Integer(),
      publishedAt: Moment,
      bytes: Type.Integer(),
      organizations: Type.Integer(),
      endpoints: Type.Integer(),
    }),
  ),
  findings: Type.Array(FindingAnswer),
  /** Changes that publishing now would make. Empty if there are none. */
  changes: Type.Array(ChangeAnswer),
  practices: Type.Array(PracticeBrandAnswer),
  history: Type.Array(BrandsVersionAnswer),
});
export type BrandsAnswer = Static<typeof BrandsAnswer>;

export const VersionParams = Type.Object({ version: Type.Integer({ minimum: 1, maximum: 2_000_000_000 }) });
export const BrandsVersionText = Type.Object({
  version: Type.Integer(),
  publishedAt: Moment,
  bundle: Type.Unknown({ description: 'The FHIR Bundle as it was published.' }),
});
export type BrandsVersionText = Static<typeof BrandsVersionText>;

export const PublishedAnswer = Type.Object({ version: Type.Integer() });
export const PracticeParams = Type.Object({ practiceId: Type.Integer({ minimum: 1, maximum: 2_000_000_000 }) });

// Status
export const COMPONENTS = ['authorize', 'token', 'r4', 'dstu2', 'portal', 'mail', 'brands'] as const;
export const COMPONENT_STATES = ['working', 'failing', 'unknown'] as const;
export const INCIDENT_KINDS = ['incident', 'maintenance'] as const;

export const IncidentAnswer = Type.Object({
  incidentId: Id,
  kind: oneOf(INCIDENT_KINDS),
  title: Type.String(),
  components: Type.Array(oneOf(COMPONENTS)),
  beganAt: Moment,
  plannedUntil: orNull(Moment),
  endedAt: orNull(Moment),
  standing: oneOf(['planned', 'open', 'over']),
  posts: Type.Array(Type.Object({ at: Moment, text: Type.String() }), { description: 'The newest first.' }),
});
export type IncidentAnswer = Static<typeof IncidentAnswer>;

export const DayAnswer = Type.Object({
  day: Type.String({ format: 'date', description: 'UTC' }),
  /** Share of successful probes on that day, 0–1; null if there were none. */
  good: orNull(Type.Number()),
});

export const ComponentAnswer = Type.Object({
  component: oneOf(COMPONENTS),
  state: oneOf(COMPONENT_STATES),
  checkedAt: orNull(Moment),
  /** Response time over the last 24 hours in milliseconds: median and 95th percentile. */
  milliseconds: orNull(Type.Object({ half: Type.Integer(), most: Type.Integer() })),
  /** Uptime: share of successful probes over the whole period, 0–1. */
  good: orNull(Type.Number()),
  days: Type.Array(DayAnswer, { description: '90 days, the oldest first.' }),
});
export type ComponentAnswer = Static<typeof ComponentAnswer>;

export const StatusAnswer = Type.Object({
  overall: oneOf(['working', 'partly', 'failing', 'unknown']),
  diskIsLow: Type.Boolean({ description: 'The server is running out of disk space.' }),
  components: Type.Array(ComponentAnswer),
  incidents: Type.Array(IncidentAnswer, { description: 'Planned and open ones, then those of the last 90 days.' }),
});
export type StatusAnswer = Static<typeof StatusAnswer>;

export const IncidentsAnswer = Type.Object({ incidents: Type.Array(IncidentAnswer) });
export type IncidentsAnswer = Static<typeof IncidentsAnswer>;

const Title = Type.String({ minLength: 1, maxLength: 200 });
const Post = Type.String({ minLength: 1, maxLength: 4000 });

export const NewIncident = Type.Object(
  {
    kind: oneOf(INCIDENT_KINDS),
    title: Title,
    text: Post,
    components: Type.Array(oneOf(COMPONENTS), { maxItems: COMPONENTS.length }),
    /** Default: now. For maintenance: when it begins. */
    beganAt: Type.Optional(Moment),
    /** For maintenance: when it is expected to end. */
    plannedUntil: Type.Optional(Moment),
  },
  { additionalProperties: false },
);
export type NewIncident = Static<typeof NewIncident>;

export const NewPost = Type.Object(
  { text: Post, over: Type.Boolean({ description: 'It is over with this.' }) },
  { additionalProperties: false },
);
export type NewPost = Static<typeof NewPost>;
export const IncidentParams = Type.Object({ incidentId: Id });
