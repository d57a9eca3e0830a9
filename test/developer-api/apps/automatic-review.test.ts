import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rejectVersion } from '../../../src/apps/index.ts';
import { systemRandom as random } from '../../../src/kernel/index.ts';
import type { AppDraft } from '../../../src/portal-api/contract/apps.ts';
import {
  backendDraft,
  getDeveloperApp,
  pngImage,
  putLogo,
  registerDraft,
  submitVersion,
} from '../../support/apps/app-drafts.ts';
import { setAppState } from '../../support/apps/apps.ts';
import { type Developer, signInDeveloper, signInReviewer } from '../../support/people/developer-portal.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let verified: Developer;
beforeAll(async () => {
  server = await startServer({ PATIENT_APP_REVIEW: 'automatic' });
  verified = await signInDeveloper(server, { verified: true });
});
afterAll(() => server.close());

describe('PATIENT_APP_REVIEW=automatic', () => {
  it('the server approves an app of a verified developer with patient scopes immediately, and says that it was automatic', async () => {
    const { clientId, app } = await registerDraft(verified);
    expect(app).toMatchObject({ state: 'active', open: null, versions: [{ version: 1, state: 'approved' }] });
    const { body: history } = await verified.call('GET', `/developer/apps/${clientId}/history`);
    expect(history.find(({ kind }: { kind: string }) => kind === 'approved')).toMatchObject({
      bySide: 'server',
      who: null,
      detail: { automatic: true },
    });
  });

  it('later changes take effect immediately too, including the logo', async () => {
    const { clientId } = await registerDraft(verified);
    const { body } = await submitVersion(verified, clientId, {
      name: 'Renamed',
      redirectUris: ['https://b.example/cb'],
    });
    expect({ waits: body.waits, applied: [...body.applied].sort(), open: body.app.open }).toEqual({
      waits: [],
      applied: ['name', 'redirectUris'],
      open: null,
    });
    const logo = await putLogo(verified, clientId, pngImage());
    expect({ waits: logo.body.waits, applied: logo.body.applied }).toEqual({ waits: [], applied: ['logo'] });
  });

  it.each<[string, Partial<AppDraft>]>([
    ['staff', { kind: 'staff', scope: 'launch patient/*.rs user/*.rs' }],
    ['staff with only patient scopes', { kind: 'staff', scope: 'launch patient/*.rs' }],
  ])('an app for %s needs an administrator', async (_what, changes) => {
    expect((await registerDraft(verified, changes)).app).toMatchObject({
      state: 'provisional',
      open: { state: 'waiting' },
    });
  });

  it('a backend app needs an administrator', async () => {
    expect((await registerDraft(verified, await backendDraft())).app.state).toBe('provisional');
  });

  it('an app of an unverified developer needs an administrator', async () => {
    expect((await registerDraft(await signInDeveloper(server))).app.state).toBe('provisional');
  });

  it('an app that an administrator rejected or stopped does not return when it is resubmitted', async () => {
    const dev = await signInDeveloper(server);
    const admin = await signInReviewer(server);
    const { clientId } = await registerDraft(dev);
    const deciding = { clientId, version: 1, by: admin.accountId };
    const reason = { ground: 'security-risk', text: 'No.' } as const;
    await server.db.transaction((tx) => rejectVersion(tx, { clock: server.clock, random }, deciding, reason));
    const at = server.clock.now();
    await server.db.queryText('update organisation set verified_at = $2 where organisation_id = $1', [
      dev.organisationId,
      at,
    ]);
    for (const name of ['Again', 'And again']) {
      const { body } = await submitVersion(dev, clientId, { name });
      expect(body.app).toMatchObject({ state: 'provisional', open: { state: 'waiting' } });
    }
    const stopped = await registerDraft(verified);
    await setAppState(server, stopped as never, 'suspended');
    const { body } = await submitVersion(verified, stopped.clientId, { name: 'Still stopped' });
    expect({ waits: body.waits, state: body.app.state }).toEqual({ waits: ['name'], state: 'suspended' });
    expect((await getDeveloperApp(verified, stopped.clientId)).terms.name).toBe('Pillbox');
  });
});
