import { Button, Stack, Text } from '@mantine/core';
import { IconArrowRight, IconBan } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { AppAnswer, EventAnswer } from '../../../../src/portal/contract/apps.ts';
import { Failure, Loading } from '../../../shell/states.tsx';
import { useWords, type Words } from '../../../words/index.ts';
import { useDays } from '../days.ts';
import { Notice } from '../notice.tsx';
import { historyQuery } from '../queries.ts';
import { useGround } from './timeline.tsx';

type Why = keyof Words['apps']['overview']['todo'];

/** Why the app was stopped or its last version rejected; undefined if neither is the case. */
function whyOf({ state, open, versions }: AppAnswer): Why | undefined {
  if (state === 'suspended' || state === 'retired') return state;
  if (open !== null || versions[0]?.state !== 'rejected') return undefined;
  return state === 'active' ? 'change' : 'rejected';
}

/** An app that was stopped or rejected: since when, why, and what to do next. */
export function Stopped({ app }: { readonly app: AppAnswer }) {
  const cause = whyOf(app);
  const events = useQuery({ ...historyQuery(app.clientId), enabled: cause !== undefined });
  if (cause === undefined) return null;
  if (events.error !== null) return <Failure error={events.error} again={() => void events.refetch()} />;
  if (events.data === undefined) return <Loading />;
  const kind = cause === 'change' ? 'rejected' : cause;
  const event = events.data.find((one) => one.kind === kind);
  return <Told app={app} why={cause} event={event ?? UNKNOWN} isKnown={event !== undefined} />;
}

/** Placeholder for apps that were stopped before such events were recorded. */
const UNKNOWN: Pick<EventAnswer, 'at' | 'bySide' | 'who' | 'detail'> = {
  at: '',
  bySide: 'operator',
  who: null,
  detail: {},
};

function Told({
  app,
  why: cause,
  event,
  isKnown,
}: {
  readonly app: AppAnswer;
  readonly why: Why;
  readonly event: typeof UNKNOWN;
  readonly isKnown: boolean;
}) {
  const { overview, history, states } = useWords().apps;
  const { day } = useDays();
  const ground = useGround(event);
  const { reason } = event.detail;
  const isOwn = event.bySide === 'developer';
  return (
    <Notice
      color={cause === 'retired' ? 'gray' : 'red'}
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
        <Next app={app} why={cause} />
      </Stack>
    </Notice>
  );
}

function Next({ app, why: cause }: { readonly app: AppAnswer; readonly why: Why }) {
  const { next, add, tabs } = useWords().apps;
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
