import { Timeline as Line, Text } from '@mantine/core';
import type { AppEventResponse, AppResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages, type WebMessages } from '../../../i18n/index.ts';
import { useDates } from '../../../i18n/use-dates.ts';
import { DeadlineLine } from '../../../shell/review-deadline.tsx';
import { type AppHistoryEntry, changedFieldNames, showsDeadline, toHistoryEntries } from './history-entries.ts';

type TimelineKinds = WebMessages['apps']['history']['kinds'];

const KINDS: Readonly<Record<string, keyof TimelineKinds>> = {
  registered: 'registered',
  submitted: 'submitted',
  verified: 'verified',
  asked: 'asked',
  answered: 'answered',
  approved: 'approved',
  'approved-first': 'approvedFirst',
  rejected: 'rejected',
  withdrawn: 'withdrawn',
  suspended: 'suspended',
  resumed: 'resumed',
  retired: 'retired',
  'secret-made': 'secretMade',
  'secret-ended': 'secretEnded',
  changed: 'changed',
};

const COLORS: Readonly<Record<string, string>> = {
  approved: 'success',
  'approved-first': 'success',
  verified: 'success',
  resumed: 'success',
  rejected: 'danger',
  suspended: 'danger',
  asked: 'warning',
};

/** Shows the history of an app, newest event first, with the review deadline. */
export function Timeline({ app, events }: { readonly app: AppResponse; readonly events: readonly AppEventResponse[] }) {
  const { history } = useMessages().apps;
  const acts = toHistoryEntries(events);
  return (
    <Line bulletSize={16} lineWidth={2} active={acts.length}>
      {acts.map((act) => (
        <Line.Item
          key={`${act.at} ${act.kind} ${act.version}`}
          title={act.addsApp ? history.kinds.added : history.kinds[KINDS[act.kind] ?? 'other']}
          color={COLORS[act.kind] ?? 'gray'}
        >
          <EventText app={app} act={act} />
        </Line.Item>
      ))}
    </Line>
  );
}

function EventText({ app, act }: { readonly app: AppResponse; readonly act: AppHistoryEntry }) {
  const { history, settings } = useMessages().apps;
  const { minute: moment } = useDates();
  const ground = useGroundText(act);
  const names = changedFieldNames(act.detail).map(
    (field) => settings.fields[field as keyof typeof settings.fields] ?? field,
  );
  const isOpen = app.open !== null && app.open.version === act.version;
  const clock = app.open?.clock ?? null;
  const texts = [
    ...(ground === undefined ? [] : [history.ground(ground)]),
    ...enteredTexts(act),
    ...(act.kind === 'approved-first' && isOpen ? [history.second] : []),
    ...(act.detail['automatic'] === true ? [history.automatic] : []),
    ...(names.length === 0 ? [] : [(act.kind === 'submitted' ? history.atOnce : history.fields)(names.join(', '))]),
  ];
  return (
    <>
      <Text size="sm" c="dimmed">
        {moment(act.at)} · {act.who ?? history.who[act.bySide]}
        {act.version === null ? '' : ` · ${history.version(act.version)}`}
      </Text>
      {texts.map((text) => (
        <Text key={text} size="sm" mt={4} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {text}
        </Text>
      ))}
      {isOpen && clock !== null && showsDeadline(act) ? <DeadlineLine clock={clock} /> : null}
    </>
  );
}

/** Returns a function that gives the name of the ground for a rejection or suspension. */
export function useGroundText({ detail }: Pick<AppEventResponse, 'detail'>): string | undefined {
  const { grounds } = useMessages().apps.history;
  return grounds[detail['ground'] as keyof typeof grounds];
}

/** Returns the texts that someone entered with an event: reason, question, answer or name. */
const enteredTexts = ({ detail }: AppEventResponse): readonly string[] =>
  ['reason', 'question', 'answer', 'name'].map((name) => detail[name]).filter((one) => typeof one === 'string');
