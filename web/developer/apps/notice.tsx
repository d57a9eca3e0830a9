import { Alert, type AlertProps } from '@mantine/core';

/** A remark in a colored box. Its title has the color of text: that of the box is too pale to be read on it. */
export function Notice(props: Pick<AlertProps, 'color' | 'icon' | 'title' | 'children'>) {
  return <Alert variant="light" styles={{ title: { color: 'var(--mantine-color-text)' } }} {...props} />;
}
