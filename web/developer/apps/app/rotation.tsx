import { List, Text, Title } from '@mantine/core';
import { useMessages } from '../../../i18n/index.ts';

/** Steps of a rotation. It works without downtime because two secrets can be active at once. */
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
