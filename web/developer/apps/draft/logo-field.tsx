import { Avatar, Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { IconApps } from '@tabler/icons-react';
import { useState } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { scaleImage } from './scale-image.ts';

/**
 * Form field for the app's logo, which is scaled down before upload.
 * @param logo URL of the current logo; undefined if there is none
 * @param onChange called with undefined to remove the logo
 */
export function LogoField({
  logo,
  onChange,
  disabled = false,
}: {
  readonly logo: string | undefined;
  readonly onChange: (logo: string | undefined) => void;
  readonly disabled?: boolean;
}) {
  const { about } = useMessages().apps;
  const [failed, setFailed] = useState(false);
  const take = async (file: File | null) => {
    if (file === null) return;
    const picture = await scaleImage(file);
    setFailed(picture === undefined);
    if (picture !== undefined) onChange(picture);
  };
  return (
    <Stack gap={6}>
      <Text size="sm" fw={500} id="logo-label">
        {about.logo}
      </Text>
      <Group gap="md">
        <Avatar src={logo ?? null} alt="" radius="md" size={64} color="gray">
          <IconApps aria-hidden />
        </Avatar>
        <Stack gap={6} flex={1}>
          <Group gap="xs">
            <FileButton
              accept="image/png,image/jpeg,image/webp"
              onChange={(file) => void take(file)}
              disabled={disabled}
            >
              {(props) => (
                <Button {...props} size="xs" variant="default" aria-describedby="logo-hint">
                  {logo === undefined ? about.chooseLogo : about.changeLogo}
                </Button>
              )}
            </FileButton>
            {logo === undefined || disabled ? null : (
              <Button size="xs" variant="subtle" color="gray" onClick={() => onChange(undefined)}>
                {about.removeLogo}
              </Button>
            )}
          </Group>
          <Text size="xs" c="dimmed" id="logo-hint">
            {about.logoHint}
          </Text>
        </Stack>
      </Group>
      <Text size="sm" c="red" role="alert">
        {failed ? about.noPicture : ''}
      </Text>
    </Stack>
  );
}
