export const LONGEST_GROUP_NAME = 120;

/** True if a group can have this name: not blank, one line of printable characters, and not too long. */
export const isGroupName = (name: string): boolean =>
  name.trim() !== '' &&
  name.length <= LONGEST_GROUP_NAME &&
  !/[\p{Cc}\p{Bidi_Control}]/u.test(name) &&
  name.isWellFormed();
