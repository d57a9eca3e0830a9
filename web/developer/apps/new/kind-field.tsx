import { Group, Radio, SimpleGrid, Text } from '@mantine/core';
import type { AppDraft } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import classes from '../apps.module.css';
import { useDraft } from '../draft/draft-form.ts';
import { APP_KINDS_IN_ORDER, KindIcon } from '../kind-icon.tsx';

/** Form field to choose the kind of app. */
export function KindField({ choose }: { readonly choose: (kind: AppDraft['kind']) => void }) {
  const { kinds, sections } = useMessages().apps;
  const { draft } = useDraft();
  return (
    <Radio.Group label={sections.kind} value={draft.kind} onChange={(kind) => choose(kind as AppDraft['kind'])}>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs" mt={8}>
        {APP_KINDS_IN_ORDER.map((kind) => (
          <Radio.Card
            key={kind}
            value={kind}
            p="sm"
            radius="md"
            aria-label={kinds[kind].name}
            className={classes['choice'] ?? ''}
          >
            <Group wrap="nowrap" gap="xs" mb={4}>
              <Radio.Indicator />
              <Text fw={600} size="sm" flex={1}>
                {kinds[kind].name}
              </Text>
              <KindIcon kind={kind} size={20} />
            </Group>
            <Text size="sm">{kinds[kind].text}</Text>
            <Text size="sm" c="dimmed">
              {kinds[kind].example}
            </Text>
          </Radio.Card>
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}
