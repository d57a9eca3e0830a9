import { Checkbox, Textarea, TextInput } from '@mantine/core';
import { useMessages } from '../../../i18n/index.ts';
import { useDraft, useField } from './draft-form.ts';
import { UrlFinding } from './url-check.tsx';

/**
 * Form fields that describe an app to people.
 * @param hasGallery whether the form has a section of its own about the gallery
 */
export function AboutFields({ hasGallery }: { readonly hasGallery: boolean }) {
  return (
    <>
      <NameField />
      <DescriptionFields hasGallery={hasGallery} />
    </>
  );
}

export function NameField() {
  const { about } = useMessages().apps;
  return (
    <TextInput label={about.name} description={about.nameHint} required withAsterisk={false} {...useField('name')} />
  );
}

/**
 * Form fields for the purpose and website of an app, and its listing in the gallery. None of them is required.
 * @param hasGallery whether the form has a section of its own about the gallery
 */
export function DescriptionFields({ hasGallery = false }: { readonly hasGallery?: boolean }) {
  const { about } = useMessages().apps;
  const { draft, change, disabled } = useDraft();
  return (
    <>
      <Textarea
        label={about.description}
        description={about.descriptionHint}
        autosize
        minRows={2}
        maxRows={8}
        {...useField('description')}
      />
      <div>
        <TextInput
          label={about.website}
          description={about.optional}
          type="url"
          placeholder="https://"
          autoComplete="url"
          {...useField('website')}
        />
        <UrlFinding kind="website" uri={draft.website} />
      </div>
      {hasGallery ? null : (
        <Checkbox
          label={about.listed}
          description={about.listedHint}
          checked={draft.listed}
          disabled={disabled}
          onChange={(event) => change({ listed: event.currentTarget.checked })}
        />
      )}
    </>
  );
}
