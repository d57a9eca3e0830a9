import { useMantineColorScheme } from '@mantine/core';
import { useMessages } from '../../i18n/index.ts';

const SCHEMES = ['auto', 'light', 'dark'] as const;
type Scheme = (typeof SCHEMES)[number];

/** Select for the color scheme. The browser remembers the choice. */
export function ThemeSelect() {
  const { theme } = useMessages().shell;
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <label className="theme">
      {theme.label}
      <select value={colorScheme} onChange={({ currentTarget }) => setColorScheme(currentTarget.value as Scheme)}>
        {SCHEMES.map((scheme) => (
          <option key={scheme} value={scheme}>
            {theme[scheme]}
          </option>
        ))}
      </select>
    </label>
  );
}
