import type { AppLogItem } from '../../../src/portal-api/contract/activity.ts';
import type { WebMessages } from '../../i18n/index.ts';

type LogInteraction = NonNullable<AppLogItem['interaction']>;
export type LogGrantType = 'authorization_code' | 'refresh_token' | 'client_credentials';

/** Name of a request: `Search Observation`, `Token`, `Token: refresh_token`. */
export function requestText({ endpoint, interaction, type }: AppLogItem, { activity }: WebMessages): string {
  const { endpoints, interactions, unknownType } = activity.log;
  if (interaction === null) return endpoints[endpoint];
  return isGrantType(interaction)
    ? `${endpoints[endpoint]}: ${interaction}`
    : `${interactions[interaction]} ${type ?? unknownType}`;
}

/** Whether the entry is a token request, which names its grant type. RFC 6749 §4 */
export const isGrantType = (interaction: LogInteraction): interaction is LogGrantType =>
  interaction === 'authorization_code' || interaction === 'refresh_token' || interaction === 'client_credentials';

/** Tells the developer how to fix an error. */
export function fixText(code: string, { activity: { mends } }: WebMessages): string {
  return Object.hasOwn(mends, code) ? mends[code as keyof typeof mends] : mends.other;
}
