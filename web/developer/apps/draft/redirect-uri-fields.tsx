import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { useDraft, useField } from './draft-form.ts';
import { FieldGroup } from './field-group.tsx';

/** Form fields for the redirect URIs of an app, and for the launch URI of a staff app. */
export function RedirectUriFields() {
  const messages = useMessages().apps.return;
  const { draft } = useDraft();
  const launch = useField('launchUri');
  return (
    <>
      <RedirectUriList />
      {draft.kind === 'staff' ? (
        <TextInput
          label={messages.launch}
          description={messages.launchHint}
          type="url"
          placeholder="https://"
          {...launch}
        />
      ) : null}
    </>
  );
}

function RedirectUriList() {
  const messages = useMessages().apps.return;
  const { draft, change, disabled, errorAt, touch } = useDraft();
  const box = useRef<HTMLDivElement>(null);
  const uris = draft.redirectUris.length === 0 ? [''] : draft.redirectUris;
  /** Replaces one redirect URI by the given ones, and focuses the last new one. */
  const put = (at: number, given: readonly string[]) => {
    change({ redirectUris: [...uris.slice(0, at), ...given, ...uris.slice(at + 1)] });
    if (given.length !== 1) goTo(at + Math.max(given.length - 1, 0));
  };
  const goTo = (at: number) =>
    requestAnimationFrame(() => {
      const inputs = box.current?.querySelectorAll('input');
      inputs?.[Math.min(at, inputs.length - 1)]?.focus();
    });
  const whole = uris.every((_uri, at) => errorAt(`redirectUris.${at}`) === undefined)
    ? errorAt('redirectUris')
    : undefined;
  return (
    <FieldGroup legend={messages.callbacks}>
      <Stack gap="xs" ref={box} mt={4}>
        <Text size="sm" c="dimmed">
          {messages.callbacksHint}
        </Text>
        {uris.map((uri, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an address is identified only by its place in the list
          <Group key={at} gap="xs" align="flex-start" wrap="nowrap">
            <TextInput
              flex={1}
              aria-label={messages.callback(at + 1)}
              placeholder="https://app.example/callback"
              inputMode="url"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              value={uri}
              disabled={disabled}
              error={errorAt(`redirectUris.${at}`) ?? (at === 0 ? whole : undefined)}
              onChange={(event) => {
                const { value } = event.currentTarget;
                put(at, /[,\s]/.test(value) ? splitUrls(value) : [value]);
              }}
              onPaste={(event) => {
                const several = splitUrls(event.clipboardData.getData('text'));
                if (several.length < 2) return;
                event.preventDefault();
                put(at, uri === '' ? several : [uri, ...several]);
                touch('redirectUris');
              }}
              onBlur={() => touch(`redirectUris.${at}`)}
            />
            {uris.length > 1 && !disabled ? (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                aria-label={messages.removeCallback(at + 1)}
                onClick={() => put(at, [])}
              >
                <IconX size={18} aria-hidden />
              </ActionIcon>
            ) : null}
          </Group>
        ))}
        {disabled ? null : (
          <div>
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => put(uris.length - 1, [uris.at(-1) ?? '', ''])}
            >
              {messages.addCallback}
            </Button>
          </div>
        )}
      </Stack>
    </FieldGroup>
  );
}

/** Splits pasted redirect URIs at commas, spaces and line breaks. A trailing separator adds an empty field. */
function splitUrls(text: string): readonly string[] {
  const parts = text.trim().split(/[,\s]+/);
  const named = parts.filter((one) => one !== '');
  return named.length === 0 ? [''] : parts.at(-1) === '' ? [...named, ''] : named;
}
