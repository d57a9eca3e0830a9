import type { SeededRandom } from '../seeded-random.ts';
import type { KnownApp } from './known-apps.ts';
import type { OAuthWorld, SignedInPerson } from './oauth-server.ts';

/** Chooses an app, usually one that can get what it requests. */
export function pickApp(world: OAuthWorld, random: SeededRandom, kind?: KnownApp['kind']): KnownApp {
  const { registered } = world.recent;
  if (kind === undefined && registered.length > 0 && random.chance(0.1)) return random.pick(registered).app;
  const apps = world.apps.filter(({ neverSucceeds }) => !neverSucceeds || random.chance(0.3));
  const wanted = apps.filter((app) => (kind === undefined ? app.kind !== 'backend' : app.kind === kind));
  return random.pick(random.chance(0.97) ? wanted : apps);
}

export const findKnownApp = (world: OAuthWorld, clientId: string): KnownApp | undefined =>
  world.apps.find((app) => app.clientId === clientId) ??
  world.recent.registered.find(({ app }) => app.clientId === clientId)?.app;

/** Chooses a person, usually one whom the app is for. */
export function pickPerson({ people }: OAuthWorld, random: SeededRandom, app: KnownApp): SignedInPerson {
  const right = people.filter(({ kind }) => kind === app.kind);
  return random.pick(right.length > 0 && random.chance(0.97) ? right : people);
}

/** Usually returns the newest item, which then counts as the oldest one. So it can be used again, but not soon. */
export function takeNewest<Item>(items: Item[], random: SeededRandom): Item | undefined {
  if (items.length === 0) return undefined;
  if (random.chance(0.2)) return random.pick(items);
  const item = items.pop();
  if (item !== undefined) items.unshift(item);
  return item;
}

const MAX_ITEMS = 100;

/** Adds an item to a list and drops the oldest one. */
export function addRecent<Item>(items: Item[], item: Item): void {
  items.push(item);
  if (items.length > MAX_ITEMS) items.shift();
}
