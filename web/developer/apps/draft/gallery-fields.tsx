import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import type { AppDraft } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { useDraft, useField } from './draft-form.ts';

type Category = NonNullable<AppDraft['category']>;

/** Fields for the public gallery: whether the app is listed, its category, and the URL that starts it. */
export function GalleryFields() {
  const { gallery, about } = useMessages().apps;
  const { draft, change, disabled } = useDraft();
  const categories = Object.entries(gallery.categories).map(([value, label]) => ({ value, label }));
  return (
    <>
      <Checkbox
        label={about.listed}
        description={about.listedHint}
        checked={draft.listed}
        disabled={disabled}
        onChange={(event) => change({ listed: event.currentTarget.checked })}
      />
      <NativeSelect
        label={gallery.category}
        description={gallery.categoryHint}
        data={[{ value: '', label: gallery.noCategory }, ...categories]}
        value={draft.category ?? ''}
        disabled={disabled}
        onChange={({ currentTarget: { value } }) => change({ category: value === '' ? null : (value as Category) })}
      />
      <TextInput
        label={gallery.start}
        description={gallery.startHint}
        type="url"
        placeholder="https://"
        {...useField('initiateLoginUri')}
      />
    </>
  );
}
