/** Names that are placeholders, not real names of practices. */
const PLACEHOLDERS =
  /^(?:live practice|practice|my practice|test(?: practice)?|example(?: practice)?|unnamed|todo|tbd|n\/?a|x+)$/i;

/** Tells whether a name is a placeholder that patients wouldn't recognize (SMART App Launch 2.2, Brands). */
export const isPlaceholderName = (name: string): boolean => PLACEHOLDERS.test(name.trim());
