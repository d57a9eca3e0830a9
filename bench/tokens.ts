import { bareOf, keepBare } from './kept.ts';
import { baseline, codeExchanges, introspections, refreshes } from './load.ts';
import type { Measured } from './table.ts';
import { inTurns, SECONDS } from './turns.ts';
import { ORIGIN, type World } from './world.ts';

/** A multiple of the number of connections, and few enough to be exchanged before the first code expires. */
const CODES = 1024;

/** Each path is compared with a POST that returns the same bytes. */
export async function measureTokens({ apps, meter }: World): Promise<readonly Measured[]> {
  const target = { origin: ORIGIN, meter };
  const all: Measured[] = [];
  for (const [name, measureOnce] of [
    ['Token refresh', () => refreshes(target, apps.plain, SECONDS)],
    ['Introspection', () => introspections(target, apps.plain, SECONDS)],
    ['Code exchange with id_token', () => codeExchanges(target, apps.openid, CODES)],
  ] as const) {
    const { sample } = await measureOnce();
    await keepBare(name, { contentType: 'application/json', text: sample });
    const pairs = await inTurns(measureOnce, () => baseline({ url: bareOf(name), meter }, SECONDS));
    all.push({ name, bytes: sample.length, reference: 'bare bytes', pairs });
  }
  return all;
}
