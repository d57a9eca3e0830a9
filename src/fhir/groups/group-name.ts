export const MAX_GROUP_NAME_LENGTH = 120;

/** True if a text can be the name of a patient group: not blank, not too long, and one line of printable characters. */
export const isGroupName = (name: string): boolean =>
  name.trim() !== '' &&
  name.length <= MAX_GROUP_NAME_LENGTH &&
  !/[\p{Cc}\p{Bidi_Control}]/u.test(name) &&
  name.isWellFormed();
