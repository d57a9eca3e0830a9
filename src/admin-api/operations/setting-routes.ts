import type { EffectiveSetting } from '../../config/index.ts';
import { ERROR_RESPONSES, type PortalApi, type PortalContext, SettingsResponse } from '../../portal-api/index.ts';

/** Adds the route that lists the settings with which this server process runs. */
export function settingRoutes(
  api: PortalApi,
  { guard, settings }: Pick<PortalContext, 'guard'> & { readonly settings: readonly EffectiveSetting[] },
): void {
  const summary = 'List the current settings. To change one, change the environment of the server';
  const schema = { tags: ['operations'], summary, response: { 200: SettingsResponse, ...ERROR_RESPONSES } };
  api.get('/review/settings', { schema }, async (request) => {
    await guard.reviewer(request);
    return { settings: settings.map((setting) => ({ ...setting })) };
  });
}
