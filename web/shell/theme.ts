import { type CSSVariablesResolver, createTheme, DEFAULT_THEME, Modal } from '@mantine/core';

/** Darker than Mantine's own: white text on it, and it on white, has a contrast above 4.5. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  // Mantine moves things for people who asked their device not to (WCAG 2.2, 2.3.3), unless it is told.
  respectReducedMotion: true,
  components: {
    // A header outside a section is the banner of the whole page to a screen reader; there is one already.
    ModalHeader: Modal.Header.extend({ defaultProps: { role: 'presentation' } }),
  },
});

const COLORS = Object.keys(DEFAULT_THEME.colors).filter((name) => name !== 'dark');

/** Mantine's colored and quiet texts are too pale to be read by everybody: WCAG 2.2, 1.4.3 asks for a contrast of 4.5. */
export const readable: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-6)',
    '--mantine-color-error': dark('red'),
    ...Object.fromEntries(COLORS.flatMap((name) => USES.map((use) => [`--mantine-color-${name}-${use}`, dark(name)]))),
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-2)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
  },
});

/** Where a color is that of text. */
const USES = ['outline', 'light-color', 'text'] as const;
const dark = (name: string): string => `color-mix(in srgb, var(--mantine-color-${name}-9) 78%, black)`;
