import { Button, Stack, Text } from '@mantine/core';
import { Link, useLocation } from 'react-router';
import { useMessages } from '../i18n/index.ts';
import { Page } from './page.tsx';

export function NotFound() {
  const { notFound } = useMessages().shell;
  const { pathname } = useLocation();
  const [, section = ''] = pathname.split('/');
  return (
    <Page title={notFound.title}>
      <Stack gap="md" align="flex-start">
        <Text>{notFound.text}</Text>
        <Button component={Link} to={`/${section}`}>
          {section === 'review' ? notFound.toReview : notFound.toPortal}
        </Button>
      </Stack>
    </Page>
  );
}
