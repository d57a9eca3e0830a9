import type { AppSummary } from '../../../src/portal-api/contract/apps.ts';
import type { SessionResponse } from '../../../src/portal-api/contract/session.ts';
import type { WebMessages } from '../../i18n/index.ts';

/** Status of an app as shown to its developer. It combines the state of the app with its pending version. */
export type AppStatus = keyof WebMessages['apps']['states'];

export function appStatus({ state, open }: Pick<AppSummary, 'state' | 'open'>): AppStatus {
  if (state === 'retired' || state === 'suspended') return state;
  if (open !== null && open.question !== null) return 'question';
  if (state === 'active') return open === null ? 'active' : 'change';
  return open === null ? (state === 'rejected' ? 'rejected' : 'notSubmitted') : 'provisional';
}

export const COLORS: Readonly<Record<AppStatus, string>> = {
  provisional: 'accent',
  notSubmitted: 'gray',
  active: 'success',
  change: 'success',
  rejected: 'danger',
  suspended: 'danger',
  retired: 'gray',
  question: 'warning',
};

/** Returns a text that says which data the app can access now. */
export function accessText(
  app: Pick<AppSummary, 'state' | 'open'>,
  can: WebMessages['apps']['abilities'],
  provisionalApps: SessionResponse['provisionalApps'],
): string {
  const waiting = provisionalApps === 'sandbox' ? can.provisional : can.inactive;
  const status = appStatus(app);
  if (status === 'question') return app.state === 'active' ? can.change : waiting;
  if (status === 'provisional') return waiting;
  return can[status];
}

type NextStep = Exclude<keyof WebMessages['apps']['next'], 'label'>;

/** Returns the next step that the developer has to take; undefined if there is none. */
export function nextStep(app: Pick<AppSummary, 'state' | 'open' | 'kind'>): NextStep | undefined {
  const status = appStatus(app);
  if (status === 'question') return 'answer';
  if (status === 'rejected' || status === 'notSubmitted') return 'settings';
  if (status === 'suspended') return 'why';
  if (status === 'retired') return undefined;
  return app.state === 'active' ? 'usage' : app.kind === 'backend' ? undefined : 'explore';
}

/** Returns the address at which the API explorer acts as the given app. */
export const explorerUrl = (clientId: string): string =>
  `/developer/explorer?${new URLSearchParams({ client: clientId })}`;

export const nextStepUrl = (clientId: string, next: NextStep): string => {
  const app = `/developer/apps/${encodeURIComponent(clientId)}`;
  return {
    answer: app,
    explore: explorerUrl(clientId),
    settings: `${app}/settings`,
    why: app,
    usage: `${app}/usage`,
  }[next];
};
