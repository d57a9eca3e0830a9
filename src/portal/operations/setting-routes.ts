import type { Api } from '../api/app.ts';
import { REFUSALS } from '../contract/answers.ts';
import { SettingsAnswer } from '../contract/operations.ts';
import type { PortalDeps } from '../deps.ts';

/** Adds the route for the settings of this process. */
export function settingRoutes(api: Api, { guard, settings }: PortalDeps): void {
  const summary = 'The settings in force; they are changed in the environment of the server';
  const schema = { tags: ['operations'], summary, response: { 200: SettingsAnswer, ...REFUSALS } };
  api.get('/review/settings', { schema }, async (request) => {
    await guard.reviewer(request);
    return { settings: settings.map((setting) => ({ ...setting })) };
  });
}
