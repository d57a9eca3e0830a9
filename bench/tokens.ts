import { type BenchEnvironment, ORIGIN } from './environment.ts';
import { inTurns, SECONDS } from './in-turns.ts';
import { baseline, codeExchanges, introspections, refreshes } from './load.ts';
import { plainReferenceUrl, storePlainReference } from './reference-responses.ts';
import type { Measurement } from './table.ts';

/** Number of codes to exchange: a multiple of the number of connections, and few enough that none expires before. */
const CODES = 1024;

/** Measures the token endpoint. Each path is compared with a POST that returns the same bytes. */
export async function measureTokens({ apps, meter }: BenchEnvironment): Promise<readonly Measurement[]> {
  const target = { origin: ORIGIN, meter };
  const all: Measurement[] = [];
  for (const [name, measureOnce] of [
    ['Token refresh', () => refreshes(target, apps.plain, SECONDS)],
    ['Introspection', () => introspections(target, apps.plain, SECONDS)],
    ['Code exchange with id_token', () => codeExchanges(target, apps.openid, CODES)],
  ] as const) {
    const { sample } = await measureOnce();
    await storePlainReference(name, { contentType: 'application/json', text: sample });
    const pairs = await inTurns(measureOnce, () => baseline({ url: plainReferenceUrl(name), meter }, SECONDS));
    all.push({ name, bytes: sample.length, reference: 'bare bytes', pairs });
  }
  return all;
}
