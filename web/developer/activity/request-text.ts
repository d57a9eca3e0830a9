import type { AppLogItem } from '../../../src/portal-api/contract/activity.ts';
import type { WebMessages } from '../../i18n/index.ts';

type LogInteraction = NonNullable<AppLogItem['interaction']>;
export type LogGrantType = 'authorization_code' | 'refresh_token' | 'client_credentials';

/** Returns the name of a logged request, such as `Search Observation`, `Token` or `Token: refresh_token`. */
export function requestText({ endpoint, interaction, type }: AppLogItem, { activity }: WebMessages): string {
  const { endpoints, interactions, unknownType } = activity.log;
  if (interaction === null) return endpoints[endpoint];
  return isGrantType(interaction)
    ? `${endpoints[endpoint]}: ${interaction}`
    : `${interactions[interaction]} ${type ?? unknownType}`;
}

/** Returns whether a log entry names a grant type, as token requests do. RFC 6749 §4 */
export const isGrantType = (interaction: LogInteraction): interaction is LogGrantType =>
  interaction === 'authorization_code' || interaction === 'refresh_token' || interaction === 'client_credentials';

/** Returns the text that tells a developer how to fix an error. */
export function fixText(code: string, { activity: { fixes } }: WebMessages): string {
  return Object.hasOwn(fixes, code) ? fixes[code as keyof typeof fixes] : fixes.other;
}
