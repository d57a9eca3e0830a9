import { Button, Card, Checkbox, Group, Stack, Text, Title } from '@mantine/core';
import { IconDownload, IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { EnvironmentAnswer, NewAppAnswer } from '../../../../src/portal/contract/apps.ts';
import { Page } from '../../../shell/page.tsx';
import { useSession } from '../../../shell/session.ts';
import { Failure } from '../../../shell/states.tsx';
import { useWords } from '../../../words/index.ts';
import { Copyable } from '../copying.tsx';
import { Notice } from '../notice.tsx';
import { environmentQuery } from '../queries.ts';
import { download } from './download.ts';
import { FirstData, type Format } from './first-data.tsx';
import { HoldHere } from './hold-here.tsx';

/** Shows client id and secret once, then the quickest way to data. */
export function Made({ answer, logoError }: { readonly answer: NewAppAnswer; readonly logoError: Error | undefined }) {
  const { made } = useWords().apps;
  const { provisionalApps } = useSession();
  const environment = useQuery(environmentQuery(answer.app.clientId)).data;
  const { app, clientSecret } = answer;
  const [isSaved, setSaved] = useState(clientSecret === null);
  const textOf = (format: Format) => withSecret(environment, format, clientSecret);
  const env = textOf('env');
  // The previous page was a long form; start at the top.
  useEffect(() => {
    window.scrollTo(0, 0);
  }, []);
  const isActive = app.state === 'active' || provisionalApps === 'sandbox';
  return (
    <Page title={made.title(app.name)} lead={isActive ? made.lead : made.leadInactive}>
      <HoldHere held={!isSaved} />
      <Stack gap="xl" maw={760}>
        {logoError === undefined ? null : (
          <div>
            <Text>{made.logoFailed}</Text>
            <Failure error={logoError} />
          </div>
        )}
        <Card withBorder radius="md" padding="lg">
          <Stack gap="md">
            <Title order={2} size="h4">
              {made.credentials}
            </Title>
            <Credentials
              answer={answer}
              onDownload={env === undefined ? undefined : () => download(`${app.clientId}.env`, env)}
            />
            {clientSecret === null ? null : (
              <Checkbox
                label={made.kept}
                checked={isSaved}
                onChange={(event) => setSaved(event.currentTarget.checked)}
              />
            )}
            <div>
              <Button
                component={Link}
                to={`/developer/apps/${app.clientId}`}
                variant="default"
                {...(isSaved ? {} : { 'data-disabled': true })}
                aria-disabled={!isSaved}
                onClick={(event) => {
                  if (!isSaved) event.preventDefault();
                }}
              >
                {made.toApp}
              </Button>
            </div>
          </Stack>
        </Card>
        {isActive ? <FirstData app={app} textOf={textOf} /> : null}
      </Stack>
    </Page>
  );
}

/** Puts the secret into the text in the browser. The server only stores its hash. */
const withSecret = (
  environment: EnvironmentAnswer | undefined,
  format: Format,
  secret: string | null,
): string | undefined =>
  environment?.blocks
    .find((block) => block.format === format)
    ?.text.replaceAll('YOUR_CLIENT_SECRET', secret ?? 'YOUR_CLIENT_SECRET');

function Credentials({
  answer,
  onDownload,
}: {
  readonly answer: NewAppAnswer;
  readonly onDownload: (() => void) | undefined;
}) {
  const { made, clientId } = useWords().apps;
  const { app, clientSecret } = answer;
  return (
    <>
      <Copyable label={clientId} value={app.clientId} />
      {clientSecret === null ? (
        <Text>{app.terms.auth === 'none' ? made.public : made.key}</Text>
      ) : (
        <>
          <Copyable label={made.secret} value={clientSecret} />
          <Notice color="yellow" icon={<IconKey aria-hidden />} title={made.once}>
            {made.lost}
          </Notice>
        </>
      )}
      <Group>
        <Button
          variant="light"
          leftSection={<IconDownload size={18} aria-hidden />}
          disabled={onDownload === undefined}
          onClick={onDownload}
        >
          {made.download}
        </Button>
      </Group>
    </>
  );
}
