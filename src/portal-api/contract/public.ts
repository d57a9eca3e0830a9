import { type Static, Type } from 'typebox';
import { APP_CATEGORIES } from './apps.ts';
import { Id, Moment, nullable, oneOf } from './common.ts';

// Schemas of the app gallery.
export const GalleryApp = Type.Object({
  clientId: Type.String(),
  name: Type.String(),
  description: nullable(Type.String()),
  developer: nullable(Type.String()),
  verified: Type.Boolean({ description: 'Whether an administrator verified the developer.' }),
  logo: nullable(Type.String({ description: 'Path of the logo.' })),
  category: nullable(oneOf(APP_CATEGORIES)),
  start: nullable(
    Type.String({
      description: 'https URL that starts the app, which then asks for access. It names this server in `iss`.',
    }),
  ),
  website: nullable(Type.String({ description: 'https only.' })),
  policy: nullable(Type.String({ description: 'Privacy policy; https only.' })),
  asksFor: Type.Array(Type.String(), { description: 'Types of data, in plain language.' }),
  dataUse: Type.Record(Type.String(), Type.String(), {
    description: 'The developer’s answers about data use, by question. Missing questions weren’t answered.',
  }),
});
export type GalleryApp = Static<typeof GalleryApp>;

export const GalleryResponse = Type.Object({ total: Type.Integer(), apps: Type.Array(GalleryApp) });
export const GalleryQuery = Type.Object(
  {
    q: Type.Optional(Type.String({ maxLength: 200, description: 'Search words.' })),
    category: Type.Optional(oneOf(APP_CATEGORIES)),
  },
  { additionalProperties: false },
);

export const ExampleAppsQuery = Type.Pick(GalleryQuery, ['q'], { additionalProperties: false });
export const ExampleAppsResponse = Type.Object({
  apps: Type.Array(
    Type.Object({
      name: Type.String(),
      developer: nullable(Type.String()),
      path: Type.String({ description: 'Path of the page that shows the app.' }),
    }),
  ),
});
export type ExampleAppsResponse = Static<typeof ExampleAppsResponse>;

// Schemas of the search in the documentation.
export const DocsSearchQuery = Type.Object(
  { q: Type.String({ minLength: 1, maxLength: 100, description: 'Search words.' }) },
  { additionalProperties: false },
);
export const DocsSearchResponse = Type.Object({
  results: Type.Array(
    Type.Object({
      path: Type.String({ description: 'Path of the section.' }),
      heading: Type.String({ description: 'Heading of the section, in English.' }),
      page: Type.String({ description: 'Title of the page.' }),
    }),
    { description: 'At most 30 sections that contain all words. Those with a matching heading come first.' },
  ),
});
export type DocsSearchResponse = Static<typeof DocsSearchResponse>;

// Schemas of the published practice brands.
export const BrandFindingResponse = Type.Object({
  check: Type.String({ description: 'Stable name of the rule.' }),
  severity: oneOf(['fault', 'warning']),
  clause: Type.String({ description: 'Source of the rule.' }),
  about: Type.String({ description: 'The resource: `Organization/…`, or `Bundle`.' }),
  name: Type.String(),
  value: nullable(Type.String()),
  message: Type.String({ description: 'What is wrong and how to fix it.' }),
});
export type BrandFindingResponse = Static<typeof BrandFindingResponse>;

export const BrandChangeResponse = Type.Object({
  what: oneOf(['added', 'removed', 'changed']),
  type: Type.String(),
  name: Type.String(),
  fields: Type.Array(Type.String()),
});
export type BrandChangeResponse = Static<typeof BrandChangeResponse>;

export const BrandsVersionResponse = Type.Object({
  version: Type.Integer(),
  publishedAt: Moment,
  by: nullable(Type.String({ description: 'null if the server published the list because a practice changed.' })),
  changes: Type.Array(BrandChangeResponse),
});
export type BrandsVersionResponse = Static<typeof BrandsVersionResponse>;

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
    npi: Type.String({ maxLength: 20, description: 'National Provider Identifier. Empty if there is none.' }),
    category: oneOf(BRAND_CATEGORIES),
    aliases: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 20 }),
    locations: Type.Array(Type.String({ maxLength: 300 }), { maxItems: 100 }),
    partOf: nullable(Type.Integer({ description: 'The practice whose portal this practice shares.' })),
  },
  { additionalProperties: false },
);
export type PracticeBrandFields = Static<typeof PracticeBrandFields>;

export const PracticeBrandResponse = Type.Object({
  practiceId: Type.Integer(),
  name: Type.String(),
  kind: oneOf(['sandbox', 'live']),
  enabled: Type.Boolean({
    description: 'Whether the practice’s API is turned on. If not, the practice isn’t published.',
  }),
  logo: nullable(Type.String()),
  website: nullable(Type.String()),
  address: nullable(Type.String()),
  missing: Type.Array(oneOf(['location', 'identifier']), {
    description:
      'Missing data without which the practice can’t be listed: 45 CFR 170.404(b)(2). If empty, the practice is listed when its API is on.',
  }),
  ...PracticeBrandFields.properties,
});
export type PracticeBrandResponse = Static<typeof PracticeBrandResponse>;

export const BrandsResponse = Type.Object({
  addresses: nullable(
    Type.Object(
      {
        bundle: Type.String(),
        serviceBaseUrls: Type.String(),
        r4: Type.String({ description: 'The list with only the FHIR R4 endpoints.' }),
        page: Type.String(),
      },
      { description: 'null for the made-up brands of the sandbox’s administrator, which apps can’t read.' },
    ),
  ),
  published: nullable(
    Type.Object({
      version: Type.Integer(),
      publishedAt: Moment,
      bytes: Type.Integer(),
      organizations: Type.Integer(),
      endpoints: Type.Integer(),
    }),
  ),
  findings: Type.Array(BrandFindingResponse),
  /**
   * Differences between the published brands and the brands as they would be published now. Empty
   * if there are none.
   */
  changes: Type.Array(BrandChangeResponse),
  practices: Type.Array(PracticeBrandResponse),
  history: Type.Array(BrandsVersionResponse),
});
export type BrandsResponse = Static<typeof BrandsResponse>;

export const VersionParams = Type.Object({ version: Type.Integer({ minimum: 1, maximum: 2_000_000_000 }) });
export const BrandsVersionContent = Type.Object({
  version: Type.Integer(),
  publishedAt: Moment,
  bundle: Type.Unknown({ description: 'The published FHIR Bundle.' }),
});
export type BrandsVersionContent = Static<typeof BrandsVersionContent>;

export const BrandsPublishedResponse = Type.Object({ version: Type.Integer() });
export const PracticeParams = Type.Object({ practiceId: Type.Integer({ minimum: 1, maximum: 2_000_000_000 }) });

// Schemas of the status page.
export const COMPONENTS = ['authorize', 'token', 'r4', 'dstu2', 'portal', 'mail', 'brands'] as const;
export const COMPONENT_STATES = ['working', 'failing', 'unknown'] as const;
export const INCIDENT_KINDS = ['incident', 'maintenance'] as const;

export const IncidentResponse = Type.Object({
  incidentId: Id,
  kind: oneOf(INCIDENT_KINDS),
  title: Type.String(),
  components: Type.Array(oneOf(COMPONENTS)),
  beganAt: Moment,
  plannedUntil: nullable(Moment),
  endedAt: nullable(Moment),
  standing: oneOf(['planned', 'open', 'over']),
  posts: Type.Array(Type.Object({ at: Moment, text: Type.String() }), { description: 'Newest first.' }),
});
export type IncidentResponse = Static<typeof IncidentResponse>;

export const ComponentDayResponse = Type.Object({
  day: Type.String({ format: 'date', description: 'UTC' }),
  /** Share of successful probes on that day, from 0 to 1; null if there were no probes. */
  good: nullable(Type.Number()),
});

export const ComponentStatusResponse = Type.Object({
  component: oneOf(COMPONENTS),
  state: oneOf(COMPONENT_STATES),
  checkedAt: nullable(Moment),
  /**
   * Median (`half`) and 95th percentile (`most`) of the response times of the last 24 hours, in
   * milliseconds. null if there are none.
   */
  milliseconds: nullable(Type.Object({ half: Type.Integer(), most: Type.Integer() })),
  /** Uptime: share of successful probes over the whole period, from 0 to 1. null if there were no probes. */
  good: nullable(Type.Number()),
  days: Type.Array(ComponentDayResponse, { description: '90 days, oldest first.' }),
});
export type ComponentStatusResponse = Static<typeof ComponentStatusResponse>;

export const StatusResponse = Type.Object({
  overall: oneOf(['working', 'partly', 'failing', 'unknown']),
  diskIsLow: Type.Boolean({ description: 'Whether the server is running out of disk space.' }),
  components: Type.Array(ComponentStatusResponse),
  incidents: Type.Array(IncidentResponse, {
    description: 'Planned and open incidents, then those of the last 90 days.',
  }),
});
export type StatusResponse = Static<typeof StatusResponse>;

export const IncidentsResponse = Type.Object({ incidents: Type.Array(IncidentResponse) });
export type IncidentsResponse = Static<typeof IncidentsResponse>;

const Title = Type.String({ minLength: 1, maxLength: 200 });
const Post = Type.String({ minLength: 1, maxLength: 4000 });

export const NewIncidentRequest = Type.Object(
  {
    kind: oneOf(INCIDENT_KINDS),
    title: Title,
    text: Post,
    components: Type.Array(oneOf(COMPONENTS), { maxItems: COMPONENTS.length }),
    /** When the incident or maintenance begins. Default: now. */
    beganAt: Type.Optional(Moment),
    /** When the planned maintenance is expected to end. Omitted for incidents. */
    plannedUntil: Type.Optional(Moment),
  },
  { additionalProperties: false },
);
export type NewIncidentRequest = Static<typeof NewIncidentRequest>;

export const IncidentUpdateRequest = Type.Object(
  { text: Post, over: Type.Boolean({ description: 'Whether this update ends the incident.' }) },
  { additionalProperties: false },
);
export type IncidentUpdateRequest = Static<typeof IncidentUpdateRequest>;
export const IncidentParams = Type.Object({ incidentId: Id });
