import { type CSSVariablesResolver, createTheme, DEFAULT_THEME, Modal } from '@mantine/core';

/**
 * Theme of the portal. The primary color is a darker shade than Mantine's default, so that white text on the primary
 * color, and text of the primary color on white, have a contrast ratio above 4.5:1.
 */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  // Turns off animations for people who asked their device for reduced motion (WCAG 2.2, 2.3.3). Mantine doesn't do
  // this by default.
  respectReducedMotion: true,
  components: {
    // For screen readers a header outside a section is the banner of the whole page. The page already has one, so the
    // header of a dialog must not count as another.
    ModalHeader: Modal.Header.extend({ defaultProps: { role: 'presentation' } }),
  },
});

const COLORS = Object.keys(DEFAULT_THEME.colors).filter((name) => name !== 'dark');

/**
 * Colors for text. Mantine's own colored and dimmed texts are too pale: WCAG 2.2, 1.4.3 requires a contrast ratio of at
 * least 4.5:1. Links have it in a table row under the pointer too.
 */
export const readableColors: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-anchor': 'var(--mantine-color-indigo-8)',
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-6)',
    '--mantine-color-error': darkened('red'),
    ...Object.fromEntries(
      COLORS.flatMap((name) => TEXT_VARIABLES.map((use) => [`--mantine-color-${name}-${use}`, darkened(name)])),
    ),
  },
  dark: {
    '--mantine-color-anchor': 'var(--mantine-color-indigo-3)',
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-2)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
  },
});

/** Suffixes of the Mantine CSS variables that color text. */
const TEXT_VARIABLES = ['outline', 'light-color', 'text'] as const;
const darkened = (name: string): string => `color-mix(in srgb, var(--mantine-color-${name}-9) 78%, black)`;
