import classes from './search.module.css';
import type { ComboboxOption } from './use-combobox.ts';

export interface OptionGroup<Option extends ComboboxOption> {
  readonly title: string;
  readonly options: readonly Option[];
}

/** The list of a combobox. Its options are in groups with titles. */
export function OptionList<Option extends ComboboxOption>({
  id,
  label,
  isShown,
  groups,
  activeKey,
  optionId,
  choose,
}: {
  readonly id: string;
  readonly label: string;
  readonly isShown: boolean;
  readonly groups: readonly OptionGroup<Option>[];
  readonly activeKey: string | undefined;
  readonly optionId: (option: ComboboxOption) => string;
  readonly choose: (option: Option) => void;
}) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label={label}
      className={classes['results']}
      hidden={!isShown || groups.length === 0}
      // A press on an option must not take the focus from the field, because that would close the list.
      onMouseDown={(event) => event.preventDefault()}
      tabIndex={-1}
    >
      {groups.map(({ title, options }) => (
        // biome-ignore lint/a11y/useSemanticElements: a list of options isn’t a form
        <div key={title} role="group" aria-label={title}>
          <div className={classes['title']} role="presentation">
            {title}
          </div>
          {options.map((option) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keys
            <div
              key={option.key}
              id={optionId(option)}
              role="option"
              tabIndex={-1}
              aria-selected={option.key === activeKey}
              className={classes['result']}
              lang={option.language}
              onClick={() => choose(option)}
              ref={(element) => {
                if (option.key === activeKey) element?.scrollIntoView({ block: 'nearest' });
              }}
            >
              {option.text}
              {option.detail === undefined ? null : <span>{option.detail}</span>}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
