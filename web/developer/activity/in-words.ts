import type { LogItem } from '../../../src/portal/contract/activity.ts';
import type { Words } from '../../words/index.ts';

type Interaction = NonNullable<LogItem['interaction']>;
export type GrantType = 'authorization_code' | 'refresh_token' | 'client_credentials';

/** Name of a request: `Search Observation`, `Token`, `Token: refresh_token`. */
export function requestInWords({ endpoint, interaction, type }: LogItem, { activity }: Words): string {
  const { endpoints, interactions, unknownType } = activity.log;
  if (interaction === null) return endpoints[endpoint];
  return isGrantType(interaction)
    ? `${endpoints[endpoint]}: ${interaction}`
    : `${interactions[interaction]} ${type ?? unknownType}`;
}

/** Whether the entry is a token request, which names its grant type. RFC 6749 §4 */
export const isGrantType = (interaction: Interaction): interaction is GrantType =>
  interaction === 'authorization_code' || interaction === 'refresh_token' || interaction === 'client_credentials';

/** Tells the developer how to fix an error. */
export function mendOf(code: string, { activity: { mends } }: Words): string {
  return Object.hasOwn(mends, code) ? mends[code as keyof typeof mends] : mends.other;
}
