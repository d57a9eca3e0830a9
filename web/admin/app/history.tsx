import { Text, Timeline } from '@mantine/core';
import type { AppEventResponse } from '../../../src/portal-api/contract/apps.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { Section } from './section.tsx';

/** Shows the history of an app, newest event first. */
export function History({ events }: { readonly events: readonly AppEventResponse[] }) {
  const messages = useAdminMessages().review.app.history;
  return (
    <Section title={messages.title}>
      {events.length === 0 ? (
        <Text size="sm">{messages.empty}</Text>
      ) : (
        <Timeline bulletSize={14} lineWidth={2}>
          {events.map((event) => (
            <Timeline.Item
              key={`${event.at} ${event.kind} ${event.version}`}
              title={messages.kinds[event.kind as keyof typeof messages.kinds] ?? event.kind}
            >
              <Event event={event} />
            </Timeline.Item>
          ))}
        </Timeline>
      )}
    </Section>
  );
}

function Event({ event }: { readonly event: AppEventResponse }) {
  const { app, decide } = useAdminMessages().review;
  const when = useDates();
  const { ground, reason, question, answer, text } = event.detail;
  const said = [question, answer, reason, text].filter((one): one is string => typeof one === 'string');
  const known = decide.grounds[ground as keyof typeof decide.grounds];
  return (
    <>
      <Text size="sm" c="dimmed">
        {[
          when.minute(event.at),
          event.who ?? app.history.sides[event.bySide],
          ...(event.version === null ? [] : [app.version(event.version)]),
        ].join(' · ')}
      </Text>
      {known === undefined ? null : <Text size="sm">{known.name}</Text>}
      {said.map((one) => (
        <Text key={one} size="sm" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
          {one}
        </Text>
      ))}
    </>
  );
}
