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

/** Who read what: on a page, and to save. */
export function logRoutes(app: FastifyInstance, deps: AccountDeps): void {
  app.get<RecordParams>('/account/:key/log', async (request, reply) => {
    const place = await placeOf(deps, request, reply);
    const own = await ownFamilies(deps, place);
    const asked = readFilter(deps, place, queryOf(request), own);
    const sound = asked.faults.length === 0;
    const slice = { after: asked.after, limit: ON_A_PAGE + 1 };
    const found = sound ? await readsOf(deps.db, place.whose, asked.filter, slice) : undefined;
    const apps = await readersOf(deps.db, place.whose, own);
    await recordView(deps, place, request, { view: 'log' });
    const page = logPage(place, {
      asked,
      apps,
      entries: found?.slice(0, ON_A_PAGE),
      more: (found?.length ?? 0) > ON_A_PAGE,
      kinds: deps.types.names,
      tell: entryTeller(deps, place),
    });
    return sendPage(reply.code(sound ? 200 : 400), page);
  });

  app.get<RecordParams>('/account/:key/log/csv', async (request, reply) => {
    const { place, filter } = await saving(request, reply, 'log-csv');
    return asFile(reply, `who-read-what-${today(place)}.csv`, 'text/csv; charset=utf-8').send(
      Readable.from(logCsv(deps, place, filter)),
    );
  });

  app.get<RecordParams>('/account/:key/log/fhir', async (request, reply) => {
    const { place, filter } = await saving(request, reply, 'log-fhir');
    return asFile(reply, `who-read-what-${today(place)}.json`, 'application/fhir+json; charset=utf-8').send(
      Readable.from(logBundle(deps, place, filter)),
    );
  });

  async function saving(request: FastifyRequest, reply: FastifyReply, view: 'log-csv' | 'log-fhir') {
    const place = await placeOf(deps, request, reply);
    const { filter, faults } = readFilter(deps, place, queryOf(request), await ownFamilies(deps, place));
    const [fault] = faults;
    if (fault !== undefined) throw new Problem('bad-request', { status: 400, message: fault.message });
    const resources = await countReads(deps.db, place.whose, filter);
    await recordView(deps, place, request, { view, resources });
    return { place, filter };
  }

  const today = ({ record }: Place): string => isoDayOf(deps.clock.now(), record.timeZone);
}

const queryOf = (request: FastifyRequest) => request.query as Readonly<Record<string, unknown>>;
