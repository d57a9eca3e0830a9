import { useId, useState } from 'react';

export interface ComboboxOption {
  /** Tells the option apart from the others. */
  readonly key: string;
  readonly text: string;
  /** Second line, which tells the option apart from others with the same text. */
  readonly detail?: string;
  /** Language of the text, if it isn't that of the page. */
  readonly language?: string;
}

/**
 * State of a text field with a list of options below it (ARIA combobox). The arrow keys choose an option and Escape
 * closes the list. The component handles Enter with `active`.
 */
export function useCombobox<Option extends ComboboxOption>(options: readonly Option[], isEmpty: boolean) {
  const [open, setOpen] = useState(false);
  const [position, setPosition] = useState(0);
  const id = useId();
  const isShown = open && !isEmpty;
  const active = isShown ? options[Math.min(position, options.length - 1)] : undefined;
  const optionId = (option: ComboboxOption): string => `${id}-${options.findIndex(({ key }) => key === option.key)}`;
  const move = (by: number): void => {
    setOpen(true);
    setPosition((position + by + options.length) % Math.max(options.length, 1));
  };
  return {
    active,
    close: () => setOpen(false),
    /** Shows the list with the first option active, after the text has changed. */
    restart(): void {
      setPosition(0);
      setOpen(true);
    },
    inputProps: {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': isShown,
      'aria-controls': id,
      ...(active === undefined ? {} : { 'aria-activedescendant': optionId(active) }),
      autoComplete: 'off',
      onFocus: () => setOpen(true),
      onBlur: () => setOpen(false),
      onKeyDown(event: React.KeyboardEvent) {
        if (event.key === 'ArrowDown') move(1);
        else if (event.key === 'ArrowUp') move(-1);
        else if (event.key === 'Escape' && isShown) setOpen(false);
        else return;
        event.preventDefault();
      },
    },
    listProps: { id, isShown, activeKey: active?.key, optionId },
  } as const;
}
