import { Fieldset, type FieldsetProps } from '@mantine/core';
import classes from '../apps.module.css';

/** A group of form fields with a legend. */
export function FieldGroup(props: Pick<FieldsetProps, 'legend' | 'children'>) {
  return (
    <Fieldset
      variant="unstyled"
      classNames={{ root: classes['part'] ?? '', legend: classes['legend'] ?? '' }}
      {...props}
    />
  );
}
