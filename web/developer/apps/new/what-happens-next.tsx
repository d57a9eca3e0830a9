import { Text, Timeline } from '@mantine/core';
import { IconBolt, IconCheck, IconShieldCheck } from '@tabler/icons-react';
import { useMessages } from '../../../i18n/index.ts';
import { useSession } from '../../../shell/session.ts';

/** Shows what happens after the submission of an app: what works at once, and when the rest will. */
export function WhatHappensNext() {
  const { after } = useMessages().apps;
  const { provisionalApps } = useSession();
  const now = provisionalApps === 'sandbox' ? after.now : after.nowInactive;
  return (
    <Timeline bulletSize={28} lineWidth={2}>
      <Timeline.Item bullet={<IconBolt size={16} aria-hidden />} title={now.title}>
        <Text size="sm">{now.text}</Text>
      </Timeline.Item>
      <Timeline.Item bullet={<IconShieldCheck size={16} aria-hidden />} title={after.verify.title}>
        <Text size="sm">{after.verify.text}</Text>
      </Timeline.Item>
      <Timeline.Item bullet={<IconCheck size={16} aria-hidden />} title={after.enable.title}>
        <Text size="sm">{after.enable.text}</Text>
      </Timeline.Item>
    </Timeline>
  );
}
