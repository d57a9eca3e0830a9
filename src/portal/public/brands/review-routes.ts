import { type PracticeId, Problem } from '../../../kernel/index.ts';
import { keepBrandFacts, listPublished, missingFrom, type PublishedPractice } from '../../../practices/index.ts';
import { type Language, wordsIn } from '../../../words/index.ts';
import type { Api } from '../../api/app.ts';
import { REFUSALS } from '../../contract/answers.ts';
import {
  BrandsAnswer,
  BrandsVersionText,
  PracticeBrandAnswer,
  PracticeBrandFields,
  PracticeParams,
  PublishedAnswer,
  VersionParams,
} from '../../contract/public.ts';
import type { PortalDeps } from '../../deps.ts';
import type { Finding } from './check.ts';
import { readBrandFacts } from './facts.ts';
import { BUNDLE_PATH, R4_PATH, SERVICE_BASE_URLS_PATH, type Standing } from './publish.ts';
import { endpointsIn, organizationsIn } from './resources.ts';
import type { Change } from './stamp.ts';
import { findPublished, listVersions } from './store.ts';

/** Number of listed versions. */
const HISTORY = 50;
const tags = ['service base URLs'];

/** Adds the routes for the published practice brands, for administrators of the installation. */
export function brandsReviewRoutes(api: Api, deps: PortalDeps): void {
  const { db, brands, guard, publicUrl } = deps;

  const read = { tags, summary: 'What is published, what is wrong, what came before' };
  api.get('/review/brands', { schema: { ...read, response: { 200: BrandsAnswer, ...REFUSALS } } }, async (request) => {
    await guard.reviewer(request);
    const { language } = deps.framing.plain(request);
    const state = await brands.standing();
    const [practices, history] = [await listPublished(db), await listVersions(db, HISTORY)];
    return {
      addresses: {
        bundle: `${publicUrl}${BUNDLE_PATH}`,
        serviceBaseUrls: `${publicUrl}${SERVICE_BASE_URLS_PATH}`,
        r4: `${publicUrl}${R4_PATH}`,
        page: `${publicUrl}/service-base-urls`,
      },
      published: publishedOf(state),
      findings: state.findings.map((finding) => findingAnswer(finding, language)),
      changes: state.changes.map(changeAnswer),
      practices: practices.map(practiceAnswer),
      history: history.map(({ version, publishedAt, by, changes }) => ({
        version,
        publishedAt: publishedAt.toISOString(),
        by,
        changes: changes.map(changeAnswer),
      })),
    };
  });

  const draft = { tags, summary: 'The bundle that would be published now' };
  api.get(
    '/review/brands/draft',
    { schema: { ...draft, response: { 200: BrandsVersionText, ...REFUSALS } } },
    async (request) => {
      await guard.reviewer(request);
      const { draft: bundle, published } = await brands.standing();
      return { version: (published?.version ?? 0) + 1, publishedAt: bundle.timestamp ?? '', bundle };
    },
  );

  const one = { tags, summary: 'A version as it was published', params: VersionParams };
  api.get(
    '/review/brands/versions/:version',
    { schema: { ...one, response: { 200: BrandsVersionText, ...REFUSALS } } },
    async (request) => {
      await guard.reviewer(request);
      const found = await findPublished(db, request.params.version);
      if (found === undefined) throw new Problem('not-found', { status: 404, message: 'There is no such version.' });
      return { version: found.version, publishedAt: found.publishedAt.toISOString(), bundle: found.bundle };
    },
  );

  const publish = { tags, summary: 'Publish what the practices’ settings make now' };
  api.post(
    '/review/brands/publish',
    { schema: { ...publish, response: { 200: PublishedAnswer, ...REFUSALS } } },
    async (request) => {
      const { accountId } = await guard.reviewer(request);
      return { version: await brands.publish({ accountId, requestId: request.id }) };
    },
  );

  const change = {
    tags,
    summary: 'Change what apps are told of a practice',
    params: PracticeParams,
    body: PracticeBrandFields,
  };
  api.put(
    '/review/brands/practices/:practiceId',
    { schema: { ...change, response: { 200: PracticeBrandAnswer, ...REFUSALS } } },
    async (request) => {
      const { accountId } = await guard.reviewer(request);
      const practiceId = request.params.practiceId as PracticeId;
      const practices = await listPublished(db);
      const practice = practices.find((known) => known.practiceId === practiceId);
      if (practice === undefined)
        throw new Problem('not-found', { status: 404, message: 'There is no such practice.' });
      const { facts, faults } = readBrandFacts(request.body, practice, practices);
      if (faults.length > 0)
        throw new Problem('fields-invalid', { status: 400, message: 'Some fields are not right.', faults });
      await db.transaction(async (tx) => {
        await keepBrandFacts(tx, practiceId, facts);
        const detail = { action: 'brand', practice: practiceId };
        await deps.audit.recordWithin(tx, {
          kind: 'practice',
          outcome: 'success',
          requestId: request.id,
          accountId,
          detail,
        });
      });
      await brands.follow();
      return practiceAnswer({ ...practice, ...facts });
    },
  );
}

function publishedOf({ published }: Standing) {
  if (published === undefined) return null;
  const { version, publishedAt, content, bundle } = published;
  return {
    version,
    publishedAt: publishedAt.toISOString(),
    bytes: Buffer.byteLength(content),
    organizations: organizationsIn(bundle).length,
    endpoints: endpointsIn(bundle).length,
  };
}

function findingAnswer({ check, severity, clause, about, name, value }: Finding, language: Language) {
  const messages: Readonly<Record<string, string>> = wordsIn(language).publicPages.brands.checks;
  return { check, severity, clause, about, name, value: value || null, message: messages[check] ?? check };
}

const changeAnswer = ({ what, type, name, fields }: Change) => ({ what, type, name, fields: [...fields] });

const practiceAnswer = (practice: PublishedPractice): PracticeBrandAnswer => ({
  practiceId: practice.practiceId,
  name: practice.name,
  kind: practice.kind,
  enabled: practice.enabled,
  logo: practice.logo ?? null,
  website: practice.website ?? null,
  address: practice.address ?? null,
  missing: [...missingFrom(practice)],
  npi: practice.npi ?? '',
  category: practice.category as PracticeBrandAnswer['category'],
  aliases: [...practice.aliases],
  locations: [...practice.locations],
  partOf: practice.partOf ?? null,
});
