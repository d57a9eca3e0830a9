/**
 * Number of rows that one statement reads or writes. It limits memory, however large a patient record or a directory
 * is.
 */
export const ROWS_AT_ONCE = 200;
