// The measured server and its references in the same process: the same bytes served plainly, and rows passed through.
import { createApp } from '../src/app.ts';
import { readProcessConfig } from '../src/config/index.ts';
import { openDatabase } from '../src/database/index.ts';
import { allowCrossOrigin } from '../src/http/index.ts';
import { passThroughRoutes } from './pass-through.ts';
import { rawCopyRoutes } from './raw-copy.ts';

const config = readProcessConfig();
const db = openDatabase({ connectionString: config.databaseUrl ?? '' });
const { app, runExports: exportOn, upgradeRecords: upgrade } = await createApp(config, db);
// Upgrades all records, as the server does at start. Otherwise each read would check whether its record has to be
// upgraded.
await upgrade();

const bytes = new Map<string, { contentType: string; body: Buffer }>();
await app.register(async (scope) => {
  const anything = { parseAs: 'buffer', bodyLimit: 16 * 1024 * 1024 } as const;
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', anything, (_request, body, done) => done(null, body));
  scope.put<{ Params: { name: string }; Querystring: { type: string }; Body: Buffer }>(
    '/baseline/:name',
    async (request) => {
      bytes.set(request.params.name, { contentType: request.query.type, body: request.body });
      return {};
    },
  );
  scope.route<{ Params: { name: string } }>({
    method: ['GET', 'POST'],
    url: '/baseline/:name',
    handler: async (request, reply) => {
      const stored = bytes.get(request.params.name);
      if (stored === undefined) throw new Error('nothing kept');
      return reply.type(stored.contentType).send(stored.body);
    },
  });
  await scope.register(
    async (open) => {
      await allowCrossOrigin(open);
      passThroughRoutes(open, db);
    },
    { prefix: '/pass-through' },
  );
  rawCopyRoutes(scope, config.databaseUrl ?? '');
  // Starts exports on request, so that no measurement waits for a timer.
  scope.post('/export-on', async () => {
    await exportOn();
    return {};
  });
});
await app.listen({ port: config.port, host: '127.0.0.1' });
process.stdout.write('listening\n');
