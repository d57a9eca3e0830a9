import { changeAppState, endSecrets, findOpenVersion, keepVersion, withdrawVersion } from '../../registry/index.ts';
import type { Api } from '../api/app.ts';
import { REFUSALS } from '../contract/answers.ts';
import { AppAnswer, DeveloperReply } from '../contract/apps.ts';
import type { PortalDeps } from '../deps.ts';
import { changeApp } from './change.ts';
import { isPlainText, requireNoFaults } from './draft-faults.ts';
import { ofApp } from './params.ts';
import { conflict } from './refusals.ts';

const response = { 200: AppAnswer, ...REFUSALS };
const NOT_PLAIN = { field: 'text', code: 'not-plain', message: 'The answer must be plain visible text.' } as const;

/** Adds the routes for a developer's part in a review and for retiring an app. */
export function lifecycleRoutes(api: Api, deps: PortalDeps): void {
  const withdraw = { ...ofApp('Take back the version that waits'), response };
  api.post('/developer/apps/:clientId/withdraw', { schema: withdraw }, async (request) => {
    const changeRequest = { clientId: request.params.clientId, role: 'developer' } as const;
    const { app } = await changeApp(deps, request, changeRequest, async ({ tx, app: { clientId }, by }) => {
      if (await withdrawVersion(tx, deps, clientId, by)) return;
      throw conflict('Nothing waits that could be taken back: it was decided meanwhile. Load the page again.');
    });
    return app;
  });

  const answer = { ...ofApp('Answer the question of an administrator'), body: DeveloperReply, response };
  api.post('/developer/apps/:clientId/answer', { schema: answer }, async (request) => {
    const changeRequest = { clientId: request.params.clientId, role: 'developer' } as const;
    const text = request.body.text.trim();
    const { app } = await changeApp(deps, request, changeRequest, async ({ tx, app: { clientId }, record }) => {
      const open = await findOpenVersion(tx, clientId);
      if (open?.askedAt === undefined) {
        throw conflict('No question waits for an answer: it was answered or decided meanwhile. Load the page again.');
      }
      if (!isPlainText(text)) requireNoFaults([NOT_PLAIN]);
      await keepVersion(tx, { ...open, askedAt: undefined });
      await record('answered', { answer: text }, open.version);
    });
    return app;
  });

  const retire = { ...ofApp('Retire an app, for good: all its tokens, secrets and keys end'), response };
  api.post('/developer/apps/:clientId/retire', { schema: retire }, async (request) => {
    const changeRequest = { clientId: request.params.clientId, role: 'administrator', proof: true } as const;
    const { app } = await changeApp(deps, request, changeRequest, async ({ tx, app: { clientId }, by, record }) => {
      await withdrawVersion(tx, deps, clientId, by);
      await changeAppState(tx, deps.clock, clientId, 'retired');
      await endSecrets(tx, clientId);
      await record('retired');
    });
    return app;
  });
}
