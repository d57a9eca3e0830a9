import type { FastifyRequest } from 'fastify';
import type { AuditLog } from '../audit/index.ts';
import {
  type BrandChange,
  type BrandFinding,
  type BrandsService,
  type BrandsState,
  BUNDLE_PATH,
  bundleEndpoints,
  bundleOrganizations,
  findPublished,
  listBrandsVersions,
  type MadeUpBrands,
  parseBrandFields,
  R4_PATH,
  SERVICE_BASE_URLS_PATH,
} from '../brands/index.ts';
import type { SpaceDatabase } from '../database/index.ts';
import { getMessages, type Language, type PageContexts } from '../i18n/index.ts';
import { type AccountId, type PracticeId, Problem } from '../kernel/index.ts';
import {
  BrandsPublishedResponse,
  BrandsResponse,
  BrandsVersionContent,
  ERROR_RESPONSES,
  markMadeUp,
  type PortalApi,
  type PortalContext,
  PracticeBrandFields,
  PracticeBrandResponse,
  PracticeParams,
  VersionParams,
} from '../portal-api/index.ts';
import {
  findMissingBrandDetails,
  listPublishedPractices,
  type PublishedPractice,
  savePracticeBrandInfo,
} from '../practices/index.ts';

/** Maximum number of published versions of the brands bundle in a response. */
const HISTORY = 50;
/** Maximum number of characters of the other names, and of the locations, of a made-up practice. */
const MADE_UP_TEXT = 1000;
const tags = ['service base URLs'];

export interface BrandsAdminDeps extends PortalContext {
  readonly brands: BrandsService & { readonly inMadeUpSpace: MadeUpBrands };
  readonly framing: PageContexts;
  readonly publicUrl: string;
}

/** The practices and brands that an administrator may see and change: the real ones, or those of a sandbox visitor. */
interface BrandsSpace {
  readonly accountId: AccountId;
  readonly db: SpaceDatabase;
  readonly audit: AuditLog;
  readonly brands: BrandsService;
  readonly isMadeUp: boolean;
}

async function openBrandsSpace(
  { guard, audit, clock, brands }: BrandsAdminDeps,
  request: FastifyRequest,
): Promise<BrandsSpace> {
  const { session, db, isMadeUp } = await guard.reviewSpace(request);
  const { accountId } = session;
  if (!isMadeUp) return { accountId, db, audit, brands, isMadeUp };
  const marked = markMadeUp(audit);
  return { accountId, db, audit: marked, brands: brands.inMadeUpSpace({ db, clock, audit: marked }), isMadeUp };
}

/** Adds the routes with which administrators of the installation check and publish the practice brands. */
export function brandsAdminRoutes(api: PortalApi, deps: BrandsAdminDeps): void {
  const { publicUrl } = deps;

  const read = { tags, summary: 'Read the published version, the check results and the history' };
  api.get(
    '/review/brands',
    { schema: { ...read, response: { 200: BrandsResponse, ...ERROR_RESPONSES } } },
    async (request) => {
      const { db, brands, isMadeUp } = await openBrandsSpace(deps, request);
      const { language } = deps.framing.forOperator(request);
      const state = await brands.readState();
      const [practices, history] = [await listPublishedPractices(db), await listBrandsVersions(db, HISTORY)];
      return {
        addresses: isMadeUp ? null : toAddresses(publicUrl),
        published: toPublishedResponse(state),
        findings: state.findings.map((finding) => toFindingResponse(finding, language)),
        changes: state.changes.map(toChangeResponse),
        practices: practices.map(toPracticeResponse),
        history: history.map(({ version, publishedAt, by, changes }) => ({
          version,
          publishedAt: publishedAt.toISOString(),
          by,
          changes: changes.map(toChangeResponse),
        })),
      };
    },
  );

  const draft = { tags, summary: 'Preview the next version of the bundle' };
  api.get(
    '/review/brands/draft',
    { schema: { ...draft, response: { 200: BrandsVersionContent, ...ERROR_RESPONSES } } },
    async (request) => {
      const { brands } = await openBrandsSpace(deps, request);
      const { draft: bundle, published } = await brands.readState();
      return { version: (published?.version ?? 0) + 1, publishedAt: bundle.timestamp ?? '', bundle };
    },
  );

  const one = { tags, summary: 'Read a published version', params: VersionParams };
  api.get(
    '/review/brands/versions/:version',
    { schema: { ...one, response: { 200: BrandsVersionContent, ...ERROR_RESPONSES } } },
    async (request) => {
      const { db } = await openBrandsSpace(deps, request);
      const found = await findPublished(db, request.params.version);
      if (found === undefined) throw new Problem('not-found', { status: 404, message: 'Unknown version.' });
      return { version: found.version, publishedAt: found.publishedAt.toISOString(), bundle: found.bundle };
    },
  );

  const publish = { tags, summary: 'Publish a new version from the practices’ current settings' };
  api.post(
    '/review/brands/publish',
    { schema: { ...publish, response: { 200: BrandsPublishedResponse, ...ERROR_RESPONSES } } },
    async (request) => {
      const { accountId, brands } = await openBrandsSpace(deps, request);
      return { version: await brands.publish({ accountId, requestId: request.id }) };
    },
  );

  const change = {
    tags,
    summary: 'Change the published details of a practice',
    params: PracticeParams,
    body: PracticeBrandFields,
  };
  api.put(
    '/review/brands/practices/:practiceId',
    { schema: { ...change, response: { 200: PracticeBrandResponse, ...ERROR_RESPONSES } } },
    async (request) => {
      const { accountId, db, audit, brands, isMadeUp } = await openBrandsSpace(deps, request);
      const practiceId = request.params.practiceId as PracticeId;
      const practices = await listPublishedPractices(db);
      const practice = practices.find((known) => known.practiceId === practiceId);
      if (practice === undefined) throw new Problem('not-found', { status: 404, message: 'Unknown practice.' });
      if (isMadeUp) requireShort(request.body);
      const { facts, errors } = parseBrandFields(request.body, practice, practices);
      if (errors.length > 0)
        throw new Problem('fields-invalid', {
          status: 400,
          message: 'Some fields are not valid.',
          fieldErrors: errors,
        });
      await db.transaction(async (tx) => {
        await savePracticeBrandInfo(tx, practiceId, facts);
        const detail = { action: 'brand', practice: practiceId };
        await audit.appendInTransaction(tx, {
          kind: 'practice',
          outcome: 'success',
          requestId: request.id,
          accountId,
          detail,
        });
      });
      await brands.publishIfChanged();
      return toPracticeResponse({ ...practice, ...facts });
    },
  );
}

const toAddresses = (publicUrl: string) => ({
  bundle: `${publicUrl}${BUNDLE_PATH}`,
  serviceBaseUrls: `${publicUrl}${SERVICE_BASE_URLS_PATH}`,
  r4: `${publicUrl}${R4_PATH}`,
  page: `${publicUrl}/service-base-urls`,
});

/** Rejects long texts of visitors: each of their changes stores a version of the bundle that contains them. */
function requireShort({ aliases, locations }: PracticeBrandFields): void {
  const texts = Object.entries({ aliases, locations });
  const fieldErrors = texts
    .filter(([, lines]) => lines.join('\n').length > MADE_UP_TEXT)
    .map(([field]) => ({ field, message: `In the sandbox, this can have up to ${MADE_UP_TEXT} characters.` }));
  if (fieldErrors.length === 0) return;
  throw new Problem('fields-invalid', { status: 400, message: 'Some fields are not valid.', fieldErrors });
}

function toPublishedResponse({ published }: BrandsState) {
  if (published === undefined) return null;
  const { version, publishedAt, content, bundle } = published;
  return {
    version,
    publishedAt: publishedAt.toISOString(),
    bytes: Buffer.byteLength(content),
    organizations: bundleOrganizations(bundle).length,
    endpoints: bundleEndpoints(bundle).length,
  };
}

function toFindingResponse({ check, severity, clause, about, name, value }: BrandFinding, language: Language) {
  const messages: Readonly<Record<string, string>> = getMessages(language).publicSite.brands.checks;
  return { check, severity, clause, about, name, value: value || null, message: messages[check] ?? check };
}

const toChangeResponse = ({ what, type, name, fields }: BrandChange) => ({ what, type, name, fields: [...fields] });

const toPracticeResponse = (practice: PublishedPractice): PracticeBrandResponse => ({
  practiceId: practice.practiceId,
  name: practice.name,
  kind: practice.kind,
  enabled: practice.enabled,
  logo: practice.logo ?? null,
  website: practice.website ?? null,
  address: practice.address ?? null,
  missing: [...findMissingBrandDetails(practice)],
  npi: practice.npi ?? '',
  category: practice.category as PracticeBrandResponse['category'],
  aliases: [...practice.aliases],
  locations: [...practice.locations],
  partOf: practice.partOf ?? null,
});
