const LONGEST_NAME = 200;

/**
 * What is wrong with the name of an app. People are shown it when they decide: it must have something to read, and nothing
 * that is invisible, turns the direction of text or lies over its neighbours could make it look like another.
 */
export function nameFaults(name: string): readonly string[] {
  if (name.trim() === '') return ['An app needs a name.'];
  if (name.length > LONGEST_NAME) return [`The name of an app has at most ${LONGEST_NAME} characters.`];
  if (INVISIBLE.test(name.replaceAll(WRITTEN, '')) || PILED.test(name)) {
    return ['The name of an app must be plain visible text.'];
  }
  return /[\p{L}\p{N}]/u.test(name) ? [] : ['The name of an app needs a letter or a digit.'];
}

/** U+2800 is the pattern of no dots. Private use looks like whatever a font makes of it. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** More marks on one letter than any language writes: Burmese has words with five, Latin and Arabic letters bear three. */
const PILED = /[\p{M}&&\p{Script=Inherited}]{4}|\p{M}{7}/v;

/**
 * Invisible characters where writing needs them: ZWNJ and ZWJ between letters of scripts that join (Unicode 16 §23.2), and
 * after a virama; the selectors that Mongolian letters and emoji are written with, and ZWJ from one emoji to the next.
 */
const WRITTEN = (() => {
  const scripts = ['Arabic', 'Syriac', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu']
    .concat('Kannada', 'Malayalam', 'Sinhala', 'Khmer', 'Myanmar', 'Mongolian')
    .map((script) => String.raw`\p{Script=${script}}`)
    .join('');
  const letter = String.raw`[[${scripts}]&&[\p{L}\p{M}]]`;
  const virama = String.raw`[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca]`;
  const emoji = String.raw`\p{Extended_Pictographic}`;
  const places = [
    String.raw`(?<=${letter})[\u200c\u200d](?=${letter})`,
    String.raw`(?<=${virama})[\u200c\u200d]`,
    String.raw`(?<=[\p{Script=Mongolian}&&\p{L}])[\u180b-\u180f]`,
    String.raw`(?<=${emoji})\ufe0f`,
    String.raw`(?<=[0-9#*])\ufe0f(?=\u20e3)`,
    String.raw`(?<=${emoji}[\ufe0f\p{Emoji_Modifier}]?)\u200d(?=${emoji})`,
  ];
  return new RegExp(places.join('|'), 'gv');
})();
