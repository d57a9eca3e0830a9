import { Button, Stack, Text } from '@mantine/core';
import { IconArrowRight, IconBan } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { AppEventResponse, AppResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages, type WebMessages } from '../../../i18n/index.ts';
import { useDates } from '../../../i18n/use-dates.ts';
import { ErrorState, Loading } from '../../../shell/page-states.tsx';
import { Notice } from '../notice.tsx';
import { historyQuery } from '../queries.ts';
import { useGroundText } from './timeline.tsx';

type StopCause = keyof WebMessages['apps']['overview']['todo'];

/**
 * Returns why the app has a notice: it was suspended or retired, or its last version was rejected.
 * Returns undefined if none of these is the case.
 */
function stopCause({ state, open, versions }: AppResponse): StopCause | undefined {
  if (state === 'suspended' || state === 'retired') return state;
  if (open !== null || versions[0]?.state !== 'rejected') return undefined;
  return state === 'active' ? 'change' : 'rejected';
}

/**
 * Explains that an app was suspended or retired, or that its last version was rejected: since when,
 * why, and what the developer can do next.
 */
export function StoppedApp({ app }: { readonly app: AppResponse }) {
  const cause = stopCause(app);
  const events = useQuery({ ...historyQuery(app.clientId), enabled: cause !== undefined });
  if (cause === undefined) return null;
  if (events.error !== null) return <ErrorState error={events.error} again={() => void events.refetch()} />;
  if (events.data === undefined) return <Loading />;
  const kind = cause === 'change' ? 'rejected' : cause;
  const event = events.data.find((one) => one.kind === kind);
  return <StopExplanation app={app} why={cause} event={event ?? UNRECORDED_EVENT} isKnown={event !== undefined} />;
}

/**
 * Used if the app's history has no event of the suspension, retirement or rejection, because the
 * server did not record such events yet.
 */
const UNRECORDED_EVENT: Pick<AppEventResponse, 'at' | 'bySide' | 'who' | 'detail'> = {
  at: '',
  bySide: 'operator',
  who: null,
  detail: {},
};

function StopExplanation({
  app,
  why: cause,
  event,
  isKnown,
}: {
  readonly app: AppResponse;
  readonly why: StopCause;
  readonly event: typeof UNRECORDED_EVENT;
  readonly isKnown: boolean;
}) {
  const { overview, history, states } = useMessages().apps;
  const { day } = useDates();
  const ground = useGroundText(event);
  const { reason } = event.detail;
  const isOwn = event.bySide === 'developer';
  return (
    <Notice
      color={cause === 'retired' ? 'gray' : 'danger'}
      icon={<IconBan aria-hidden />}
      title={isKnown ? overview.stopped[cause](day(event.at)) : states[cause === 'change' ? 'rejected' : cause]}
    >
      <Stack gap="sm">
        {isOwn ? <Text size="sm">{overview.retiredBy(event.who ?? history.who.developer)}</Text> : null}
        {ground === undefined ? null : <Text size="sm">{history.ground(ground)}</Text>}
        {typeof reason === 'string' ? (
          <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{reason}</Text>
        ) : isOwn ? null : (
          <Text size="sm">{overview.noReason}</Text>
        )}
        <Text size="sm">{overview.todo[cause]}</Text>
        <StopNextSteps app={app} why={cause} />
      </Stack>
    </Notice>
  );
}

function StopNextSteps({ app, why: cause }: { readonly app: AppResponse; readonly why: StopCause }) {
  const { next, add, tabs } = useMessages().apps;
  if (!app.may.change) return null;
  const [to, label] =
    cause === 'retired'
      ? [`/developer/apps/new?organisation=${app.organisationId}`, add]
      : [`/developer/apps/${app.clientId}/settings`, cause === 'suspended' ? tabs.settings : next.settings];
  return (
    <div>
      <Button
        component={Link}
        to={to}
        size="sm"
        variant={cause === 'retired' ? 'default' : 'filled'}
        rightSection={<IconArrowRight size={18} aria-hidden />}
      >
        {label}
      </Button>
    </div>
  );
}
