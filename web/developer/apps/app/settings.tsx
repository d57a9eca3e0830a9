import { Card, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AppAnswer, CatalogueAnswer } from '../../../../src/portal/contract/apps.ts';
import { Failure, Loading } from '../../../shell/states.tsx';
import { useLanguage, useWords } from '../../../words/index.ts';
import { AboutFields } from '../draft/about-fields.tsx';
import { ReturnFields } from '../draft/callback-fields.tsx';
import { DataFields } from '../draft/data-fields.tsx';
import { DraftContext } from '../draft/form.ts';
import { PolicyFields } from '../draft/policy-fields.tsx';
import { ProtectionFields } from '../draft/proof-fields.tsx';
import { UseFields } from '../draft/use-fields.tsx';
import { catalogueQuery } from '../queries.ts';
import { Auth } from './auth.tsx';
import { Changes } from './changes.tsx';
import { GainedSecret } from './gained-secret.tsx';
import { LogoCard } from './logo-card.tsx';
import { Retire } from './retire.tsx';
import { startOf, useSettings } from './use-settings.ts';
import { WaitingChange } from './waiting-change.tsx';

/** Form with everything that is registered for an app. */
export default function Settings({ app }: { readonly app: AppAnswer }) {
  const { language } = useLanguage();
  const catalogue = useQuery(catalogueQuery(language));
  if (catalogue.error !== null) return <Failure error={catalogue.error} again={() => void catalogue.refetch()} />;
  if (catalogue.data === undefined) return <Loading />;
  return (
    <Stack gap="lg" maw={860}>
      <WaitingChange app={app} catalogue={catalogue.data} />
      <LogoCard app={app} />
      {/* The form restarts when the stored terms change. */}
      <SettingsForm key={JSON.stringify(startOf(app))} app={app} catalogue={catalogue.data} />
      <Auth app={app} catalogue={catalogue.data} />
      <GainedSecret />
      {app.state === 'retired' ? null : <Retire app={app} />}
    </Stack>
  );
}

function SettingsForm({ app, catalogue }: { readonly app: AppAnswer; readonly catalogue: CatalogueAnswer }) {
  const {
    newApp,
    proof: { more: protection },
  } = useWords().apps;
  const settings = useSettings(app);
  const { draft, change, disabled, errors } = settings;
  return (
    <DraftContext value={{ draft, catalogue, disabled, change, touch: errors.touch, errorAt: errors.errorAt }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void settings.send();
        }}
      >
        <Stack gap="lg">
          <Section title={newApp.steps.about}>
            <AboutFields />
          </Section>
          {draft.kind === 'backend' ? null : (
            <Section title={newApp.steps.return}>
              <ReturnFields />
            </Section>
          )}
          <Section title={newApp.steps.data}>
            <DataFields />
          </Section>
          <Section title={protection}>
            <ProtectionFields />
          </Section>
          <Section title={newApp.steps.use}>
            <UseFields />
          </Section>
          <Section title={newApp.steps.policy}>
            <PolicyFields />
          </Section>
          {disabled ? null : <Changes app={app} settings={settings} />}
        </Stack>
      </form>
    </DraftContext>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <Card component="section" withBorder radius="md" padding="lg">
      <Stack gap="lg">
        <Title order={2} size="h4">
          {title}
        </Title>
        {children}
      </Stack>
    </Card>
  );
}
