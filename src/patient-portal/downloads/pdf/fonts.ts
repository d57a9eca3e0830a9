import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';

/** Fonts of PDF files. Source Sans 3 has all Latin letters, Vietnamese ones included, Greek, Cyrillic and many signs. */
export interface PdfFonts {
  readonly regular: Font;
  readonly bold: Font;
}

/** Stands for a character that the fonts don't have, such as a Chinese one. */
export const MISSING_CHARACTER = '□';

const require = createRequire(import.meta.url);
let loaded: PdfFonts | undefined;

/** Returns the fonts, which are read from disk once. PDF files embed only the glyphs that they use. */
export function loadPdfFonts(): PdfFonts {
  loaded ??= {
    regular: openFont(require.resolve('@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf')),
    bold: openFont(require.resolve('@expo-google-fonts/source-sans-3/700Bold/SourceSans3_700Bold.ttf')),
  };
  return loaded;
}

function openFont(path: string): Font {
  const font = create(readFileSync(path));
  if (!('hasGlyphForCodePoint' in font)) throw new Error('the font file is a collection');
  return font;
}

/**
 * Replaces characters that the fonts don't have with a visible sign, and removes invisible formatting characters. A
 * missing character would otherwise be blank or a box that can't be copied.
 */
export function toPrintable(text: string): string {
  const { regular, bold } = loadPdfFonts();
  let printable = '';
  for (const character of text.normalize('NFC').replaceAll(/\p{Cf}|\p{Variation_Selector}/gu, '')) {
    const point = character.codePointAt(0) ?? 0;
    const isThere = regular.hasGlyphForCodePoint(point) && bold.hasGlyphForCodePoint(point);
    printable += isThere ? character : MISSING_CHARACTER;
  }
  return printable;
}
