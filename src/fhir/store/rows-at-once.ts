/** Number of rows that one statement reads or writes, which bounds memory for records and directories of any size. */
export const ROWS_AT_ONCE = 200;
