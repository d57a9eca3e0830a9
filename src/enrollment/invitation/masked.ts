/** A name that only those recognize who know it: "Jane van Smith" is "J… v… S…". */
export const masked = (name: string): string =>
  name
    .split(/[\s\p{Pd}]+/u)
    .filter((word) => word !== '')
    .slice(0, 5)
    .map((word) => `${[...word][0]}…`)
    .join(' ');

/** "19**" */
export const maskedYear = (birthDate: string): string => `${birthDate.slice(0, 2)}**`;
