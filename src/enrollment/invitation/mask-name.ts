/** Masks a name so that only people who already know the name recognize it: "Jane van Smith" becomes "J… v… S…". */
export const maskName = (name: string): string =>
  name
    .split(/[\s\p{Pd}]+/u)
    .filter((word) => word !== '')
    .slice(0, 5)
    .map((word) => `${[...word][0]}…`)
    .join(' ');

/** Masks a birth year: "19**". */
export const maskYear = (birthDate: string): string => `${birthDate.slice(0, 2)}**`;
