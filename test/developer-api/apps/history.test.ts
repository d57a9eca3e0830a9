import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeAppState } from '../../../src/apps/index.ts';
import type { AppEventResponse } from '../../../src/portal-api/contract/apps.ts';
import { appDraft, registerDraft, submitVersion } from '../../support/apps/app-drafts.ts';
import { submitBackend } from '../../support/apps/review.ts';
import {
  type ApiCaller,
  type Developer,
  signInDeveloper,
  signInReviewer,
} from '../../support/people/developer-portal.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let dev: Developer;
let ada: ApiCaller;
beforeAll(async () => {
  server = await startServer();
  dev = await signInDeveloper(server);
  ada = await signInReviewer(server);
});
afterAll(() => server.close());

const historyOf = async (clientId: string): Promise<readonly AppEventResponse[]> =>
  (await dev.call<AppEventResponse[]>('GET', `/developer/apps/${clientId}/history`)).body;

const decide = async (by: ApiCaller, clientId: string, what: string, body: object): Promise<void> => {
  const { status, body: answer } = await by.call('POST', `/review/apps/${clientId}/${what}`, body);
  expect(status, JSON.stringify(answer)).toBe(200);
};

describe('the history of an app', () => {
  it('has one entry for each action: immediate changes appear with the version that the others created', async () => {
    const { clientId } = await registerDraft(dev);
    await changeAppState(server.db, server.clock, clientId, 'active');
    const before = (await historyOf(clientId)).length;
    await submitVersion(dev, clientId, { name: 'Pillbox Two', description: 'Something else.' });
    const history = await historyOf(clientId);
    expect(history.length - before).toBe(1);
    expect(history[0]).toMatchObject({ kind: 'submitted', version: 2, detail: { fields: ['description'] } });
    await submitVersion(dev, clientId, { listed: true });
    expect((await historyOf(clientId))[0]).toMatchObject({
      kind: 'changed',
      version: null,
      detail: { fields: ['listed'] },
    });
    const { body: reviewed } = await ada.call('GET', `/review/apps/${clientId}`);
    expect(reviewed.history.filter(({ version }: AppEventResponse) => version === 2).length).toBe(1);
  });

  it('has grounds and text of rejections, suspensions and questions, and never names the administrator', async () => {
    const { clientId } = await registerDraft(dev);
    await decide(ada, clientId, 'ask', { version: 1, question: 'Whose server is it?' });
    await decide(ada, clientId, 'reject', { version: 1, ground: 'authenticity', text: 'Nobody answers there.' });
    await submitVersion(dev, clientId, appDraft());
    await decide(ada, clientId, 'approve', { version: 2 });
    await decide(ada, clientId, 'suspend', { ground: 'security-risk', text: 'Its server leaks tokens.' });
    await decide(ada, clientId, 'retire', { ground: 'asked-by-developer', text: 'By letter, on Monday.' });
    const history = await historyOf(clientId);
    const byOperator = history.filter(({ bySide }) => bySide === 'operator');
    expect(byOperator.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['retired', { ground: 'asked-by-developer', reason: 'By letter, on Monday.' }],
      ['suspended', { ground: 'security-risk', reason: 'Its server leaks tokens.' }],
      ['approved', {}],
      ['verified', {}],
      ['rejected', { ground: 'authenticity', reason: 'Nobody answers there.' }],
      ['asked', { question: 'Whose server is it?' }],
    ]);
    expect(byOperator.every(({ who }) => who === null)).toBe(true);
  });

  it('has the first of two approvals (system/ scopes), and no administrator notes', async () => {
    const { clientId } = await submitBackend(server, dev);
    const note = await ada.call('POST', `/review/apps/${clientId}/notes`, { content: 'Looks hasty to me.' });
    expect(note.status, JSON.stringify(note.body)).toBeLessThan(300);
    await decide(ada, clientId, 'approve', { version: 1, practiceIds: [1] });
    const history = await historyOf(clientId);
    expect(history[0]).toMatchObject({ kind: 'approved-first', bySide: 'operator', who: null, version: 1 });
    expect(JSON.stringify(history)).not.toContain('hasty');
  });

  it('omits event details that are not for developers', async () => {
    const { clientId } = await registerDraft(dev);
    await server.db.queryText('update app_event set detail = $2 where client_id = $1', [
      clientId,
      JSON.stringify({ text: 'between us', note: 'between us', name: 'Secret' }),
    ]);
    expect((await historyOf(clientId)).map(({ detail }) => detail)).toEqual([{ name: 'Secret' }, { name: 'Secret' }]);
  });
});
