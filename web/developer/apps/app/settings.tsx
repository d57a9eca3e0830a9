import { Card, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AppResponse, CatalogResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useLanguage, useMessages } from '../../../i18n/index.ts';
import { ErrorState, Loading } from '../../../shell/page-states.tsx';
import { AboutFields } from '../draft/about-fields.tsx';
import { ProtectionFields } from '../draft/authentication-fields.tsx';
import { DataFields } from '../draft/data-fields.tsx';
import { DataUseFields } from '../draft/data-use-fields.tsx';
import { DraftContext } from '../draft/draft-form.ts';
import { GalleryFields } from '../draft/gallery-fields.tsx';
import { PolicyFields } from '../draft/policy-fields.tsx';
import { RedirectUriFields } from '../draft/redirect-uri-fields.tsx';
import { initialTerms } from '../initial-terms.ts';
import { catalogueQuery } from '../queries.ts';
import { Authentication } from './authentication.tsx';
import { LogoCard } from './logo-card.tsx';
import { PendingSecret } from './pending-secret.tsx';
import { Retire } from './retire.tsx';
import { UnsavedChanges } from './unsaved-changes.tsx';
import { useSettings } from './use-settings.ts';
import { VersionInReview } from './version-in-review.tsx';

/** Page with the form for everything that is registered for an app. */
export default function Settings({ app }: { readonly app: AppResponse }) {
  const { language } = useLanguage();
  const catalogue = useQuery(catalogueQuery(language));
  if (catalogue.error !== null) return <ErrorState error={catalogue.error} again={() => void catalogue.refetch()} />;
  if (catalogue.data === undefined) return <Loading />;
  return (
    <Stack gap="lg" maw={860}>
      <VersionInReview app={app} catalogue={catalogue.data} />
      <LogoCard app={app} />
      {/* The React `key` of the form is the app's stored terms, so React creates the form again when these terms change. */}
      <SettingsForm key={JSON.stringify(initialTerms(app))} app={app} catalogue={catalogue.data} />
      <Authentication app={app} catalogue={catalogue.data} />
      <PendingSecret />
      {app.state === 'retired' ? null : <Retire app={app} />}
    </Stack>
  );
}

function SettingsForm({ app, catalogue }: { readonly app: AppResponse; readonly catalogue: CatalogResponse }) {
  const {
    sections,
    gallery,
    authentication: { more: protection },
  } = useMessages().apps;
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
          <Section title={sections.about}>
            <AboutFields hasGallery={draft.kind === 'patient'} />
          </Section>
          {draft.kind === 'backend' ? null : (
            <Section title={sections.return}>
              <RedirectUriFields />
            </Section>
          )}
          <Section title={sections.data}>
            <DataFields />
          </Section>
          <Section title={protection}>
            <ProtectionFields />
          </Section>
          <Section title={sections.use}>
            <DataUseFields />
          </Section>
          <Section title={sections.policy}>
            <PolicyFields />
          </Section>
          {draft.kind === 'patient' ? (
            <Section title={gallery.title}>
              <GalleryFields />
            </Section>
          ) : null}
          {disabled ? null : <UnsavedChanges app={app} settings={settings} />}
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
