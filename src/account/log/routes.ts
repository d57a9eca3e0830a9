import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { countReads, readersOf, readsOf } from '../../audit/index.ts';
import { Problem } from '../../kernel/index.ts';
import { ownFamilies } from '../connections/connection.ts';
import type { AccountDeps } from '../deps.ts';
import { type Place, placeOf, type RecordParams, sendPage } from '../place.ts';
import { isoDayOf } from '../times.ts';
import { asFile, recordView } from '../view.ts';
import { entryTeller } from './entry-words.ts';
import { readFilter } from './filter.ts';
import { logPage } from './page.ts';
import { logBundle, logCsv } from './save.ts';

const ON_A_PAGE = 50;

/** Registers the access log: a page, and downloads as CSV and as FHIR. */
export function logRoutes(app: FastifyInstance, deps: AccountDeps): void {
  app.get<RecordParams>('/account/:key/log', async (request, reply) => {
    const context = await placeOf(deps, request, reply);
    const visibleFamilies = await ownFamilies(deps, context);
    const logRequest = readFilter(deps, context, queryOf(request), visibleFamilies);
    const valid = logRequest.faults.length === 0;
    const slice = { after: logRequest.after, limit: ON_A_PAGE + 1 };
    const found = valid ? await readsOf(deps.db, context.whose, logRequest.filter, slice) : undefined;
    const apps = await readersOf(deps.db, context.whose, visibleFamilies);
    await recordView(deps, context, request, { view: 'log' });
    const page = logPage(context, {
      asked: logRequest,
      apps,
      entries: found?.slice(0, ON_A_PAGE),
      more: (found?.length ?? 0) > ON_A_PAGE,
      kinds: deps.types.names,
      tell: entryTeller(deps, context),
    });
    return sendPage(reply.code(valid ? 200 : 400), page);
  });

  app.get<RecordParams>('/account/:key/log/csv', async (request, reply) => {
    const { context, filter } = await prepareDownload(request, reply, 'log-csv');
    return asFile(reply, `who-read-what-${today(context)}.csv`, 'text/csv; charset=utf-8').send(
      Readable.from(logCsv(deps, context, filter)),
    );
  });

  app.get<RecordParams>('/account/:key/log/fhir', async (request, reply) => {
    const { context, filter } = await prepareDownload(request, reply, 'log-fhir');
    return asFile(reply, `who-read-what-${today(context)}.json`, 'application/fhir+json; charset=utf-8').send(
      Readable.from(logBundle(deps, context, filter)),
    );
  });

  async function prepareDownload(request: FastifyRequest, reply: FastifyReply, view: 'log-csv' | 'log-fhir') {
    const context = await placeOf(deps, request, reply);
    const { filter, faults: errors } = readFilter(deps, context, queryOf(request), await ownFamilies(deps, context));
    const [error] = errors;
    if (error !== undefined) throw new Problem('bad-request', { status: 400, message: error.message });
    const resources = await countReads(deps.db, context.whose, filter);
    await recordView(deps, context, request, { view, resources });
    return { context, filter };
  }

  const today = ({ record }: Place): string => isoDayOf(deps.clock.now(), record.timeZone);
}

const queryOf = (request: FastifyRequest) => request.query as Readonly<Record<string, unknown>>;
