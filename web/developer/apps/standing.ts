import type { AppSummary } from '../../../src/portal/contract/apps.ts';
import type { SessionAnswer } from '../../../src/portal/contract/session.ts';
import type { Words } from '../../words/index.ts';

/** Status of an app as shown to its developer, from its state and open version. */
export type Standing = keyof Words['apps']['states'];

export function standingOf({ state, open }: Pick<AppSummary, 'state' | 'open'>): Standing {
  if (state === 'retired' || state === 'suspended') return state;
  if (open !== null && open.question !== null) return 'question';
  if (state === 'active') return open === null ? 'active' : 'change';
  return open === null ? (state === 'rejected' ? 'rejected' : 'notSubmitted') : 'provisional';
}

export const COLORS: Readonly<Record<Standing, string>> = {
  provisional: 'blue',
  notSubmitted: 'gray',
  active: 'green',
  change: 'green',
  rejected: 'red',
  suspended: 'red',
  retired: 'gray',
  question: 'orange',
};

/** Describes what the app can access at the moment. */
export function canDo(
  app: Pick<AppSummary, 'state' | 'open'>,
  can: Words['apps']['can'],
  provisionalApps: SessionAnswer['provisionalApps'],
): string {
  const waiting = provisionalApps === 'sandbox' ? can.provisional : can.inactive;
  const standing = standingOf(app);
  if (standing === 'question') return app.state === 'active' ? can.change : waiting;
  if (standing === 'provisional') return waiting;
  return can[standing];
}

type Next = Exclude<keyof Words['apps']['next'], 'label'>;

/** The next step for the developer; undefined if there is none. */
export function nextOf(app: Pick<AppSummary, 'state' | 'open' | 'kind'>): Next | undefined {
  const standing = standingOf(app);
  if (standing === 'question') return 'answer';
  if (standing === 'rejected' || standing === 'notSubmitted') return 'settings';
  if (standing === 'suspended') return 'why';
  if (standing === 'retired') return undefined;
  return app.state === 'active' ? 'usage' : app.kind === 'backend' ? undefined : 'explore';
}

/** Address of the explorer for this app. */
export const explorerOf = (clientId: string): string =>
  `/developer/explorer?${new URLSearchParams({ client: clientId })}`;

export const placeOf = (clientId: string, next: Next): string => {
  const app = `/developer/apps/${encodeURIComponent(clientId)}`;
  return {
    answer: app,
    explore: explorerOf(clientId),
    settings: `${app}/settings`,
    why: app,
    usage: `${app}/usage`,
  }[next];
};
