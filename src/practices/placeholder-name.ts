/** Names that stand where nobody has given one yet. */
const PLACEHOLDERS =
  /^(?:live practice|practice|my practice|test(?: practice)?|example(?: practice)?|unnamed|todo|tbd|n\/?a|x+)$/i;

/** Whether patients could not know a practice by this name. SMART App Launch 2.2, Brands, brand information */
export const isPlaceholderName = (name: string): boolean => PLACEHOLDERS.test(name.trim());
