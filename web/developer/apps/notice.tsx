import { Alert, type AlertProps } from '@mantine/core';

/** A colored note. The title has the normal text color, because the color of the box has too little contrast. */
export function Notice(props: Pick<AlertProps, 'color' | 'icon' | 'title' | 'children'>) {
  return <Alert variant="light" styles={{ title: { color: 'var(--mantine-color-text)' } }} {...props} />;
}
