import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { countOwn, countProjected, dstu2 } from '../../fhir/index.ts';
import type { AccountDeps } from '../deps.ts';
import { type Place, placeOf, type RecordParams, sendPage } from '../place.ts';
import { isoDayOf } from '../times.ts';
import { asFile, recordView } from '../view.ts';
import { dstu2Bundle, r4Bundle } from './bundle.ts';
import { downloadsPage } from './page.ts';
import { summaryPage } from './summary.ts';

/** Registers the downloads: a printable summary, and the record as a file in each FHIR version. */
export function downloadRoutes(app: FastifyInstance, deps: AccountDeps): void {
  app.get<RecordParams>('/account/:key/downloads', async (request, reply) =>
    sendPage(reply, downloadsPage(await placeOf(deps, request, reply))),
  );

  app.get<RecordParams>('/account/:key/summary', async (request, reply) => {
    const context = await placeOf(deps, request, reply);
    const page = await summaryPage(deps, context);
    await recordView(deps, context, request, { view: 'summary' });
    return sendPage(reply, page);
  });

  app.get<RecordParams>('/account/:key/downloads/r4', async (request, reply) => {
    const context = await placeOf(deps, request, reply);
    await recordView(deps, context, request, { view: 'download-r4', resources: await countResources(context) });
    const name = `health-record-r4-${today(context)}.json`;
    return asFile(reply, name, 'application/fhir+json; charset=utf-8').send(
      Readable.from(r4Bundle(deps, context.whose)),
    );
  });

  app.get<RecordParams>('/account/:key/downloads/dstu2', async (request, reply) => {
    const context = await placeOf(deps, request, reply);
    await recordView(deps, context, request, { view: 'download-dstu2', resources: await countConverted(context) });
    const name = `health-record-dstu2-${today(context)}.json`;
    return asFile(reply, name, 'application/json+fhir; charset=utf-8').send(
      Readable.from(dstu2Bundle(deps, context.whose)),
    );
  });

  /** Number of resources in the record. */
  const countResources = async ({ whose: accountRecord }: Place): Promise<number> =>
    [...(await countOwn(deps.db, accountRecord)).values()].reduce((sum, count) => sum + count, 0);

  const countConverted = ({ whose: accountRecord }: Place): Promise<number> =>
    countProjected(deps.db, accountRecord, dstu2.projection ?? '');

  const today = ({ record }: Place): string => isoDayOf(deps.clock.now(), record.timeZone);
}
