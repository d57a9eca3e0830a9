export const LONGEST_GROUP_NAME = 120;

/** What a group may be called: printable, on one line, and not empty. */
export const isGroupName = (name: string): boolean =>
  name.trim() !== '' &&
  name.length <= LONGEST_GROUP_NAME &&
  !/[\p{Cc}\p{Bidi_Control}]/u.test(name) &&
  name.isWellFormed();
