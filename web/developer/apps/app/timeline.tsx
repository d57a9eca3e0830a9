import { Timeline as Line, Text } from '@mantine/core';
import type { AppAnswer, EventAnswer } from '../../../../src/portal/contract/apps.ts';
import { useWords, type Words } from '../../../words/index.ts';
import { ClockLine } from '../clock.tsx';
import { useDays } from '../days.ts';
import { type Act, actsOf, fieldsOf, saysClock } from './acts.ts';

type Kinds = Words['apps']['history']['kinds'];

const KINDS: Readonly<Record<string, keyof Kinds>> = {
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
  approved: 'green',
  'approved-first': 'green',
  verified: 'green',
  resumed: 'green',
  rejected: 'red',
  suspended: 'red',
  asked: 'orange',
};

/** Events of the app, newest first, with the review deadline. */
export function Timeline({ app, events }: { readonly app: AppAnswer; readonly events: readonly EventAnswer[] }) {
  const { history } = useWords().apps;
  const acts = actsOf(events);
  return (
    <Line bulletSize={16} lineWidth={2} active={acts.length}>
      {acts.map((act) => (
        <Line.Item
          key={`${act.at} ${act.kind} ${act.version}`}
          title={act.adds ? history.kinds.added : history.kinds[KINDS[act.kind] ?? 'other']}
          color={COLORS[act.kind] ?? 'gray'}
        >
          <Told app={app} act={act} />
        </Line.Item>
      ))}
    </Line>
  );
}

function Told({ app, act }: { readonly app: AppAnswer; readonly act: Act }) {
  const { history, settings } = useWords().apps;
  const { moment } = useDays();
  const ground = useGround(act);
  const names = fieldsOf(act.detail).map((field) => settings.fields[field as keyof typeof settings.fields] ?? field);
  const isOpen = app.open !== null && app.open.version === act.version;
  const texts = [
    ...(ground === undefined ? [] : [history.ground(ground)]),
    ...said(act),
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
      {app.open !== null && isOpen && saysClock(act) ? <ClockLine open={app.open} /> : null}
    </>
  );
}

/** Name of the ground of a rejection or suspension. */
export function useGround({ detail }: Pick<EventAnswer, 'detail'>): string | undefined {
  const { grounds } = useWords().apps.history;
  return grounds[detail['ground'] as keyof typeof grounds];
}

/** Texts that were entered with an event: reason, question, answer or name. */
const said = ({ detail }: EventAnswer): readonly string[] =>
  ['reason', 'question', 'answer', 'name'].map((name) => detail[name]).filter((one) => typeof one === 'string');
