import { List, Text, Title } from '@mantine/core';
import { useMessages } from '../../../i18n/index.ts';

/** Lists the steps to replace a client secret without downtime. An app can have two active secrets at once. */
export function Rotation() {
  const { rotate, rotateSteps } = useMessages().apps.credentials;
  return (
    <div>
      <Title order={3} size="h5" mb={6}>
        {rotate}
      </Title>
      <List type="ordered" spacing={4} size="sm">
        {Object.values(rotateSteps).map(({ title, text }) => (
          <List.Item key={title}>
            <Text span size="sm" fw={600}>
              {title}.
            </Text>{' '}
            {text}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
