import { Fieldset, type FieldsetProps } from '@mantine/core';
import classes from '../apps.module.css';

/** Fields that belong together, under a heading of their own. */
export function Part(props: Pick<FieldsetProps, 'legend' | 'children'>) {
  return (
    <Fieldset
      variant="unstyled"
      classNames={{ root: classes['part'] ?? '', legend: classes['legend'] ?? '' }}
      {...props}
    />
  );
}
