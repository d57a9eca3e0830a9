export const MAX_GROUP_NAME_LENGTH = 120;

/** True if a group can have this name: not blank, one line of printable characters, and not too long. */
export const isGroupName = (name: string): boolean =>
  name.trim() !== '' &&
  name.length <= MAX_GROUP_NAME_LENGTH &&
  !/[\p{Cc}\p{Bidi_Control}]/u.test(name) &&
  name.isWellFormed();
