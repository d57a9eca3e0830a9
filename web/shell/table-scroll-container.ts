/** Replaces the scroll container of Mantine's tables in the build. */
export const TableScrollContainer = undefined;
