/** SQL condition of a statement about made-up activity: the app $1 belongs to the space of the transaction. */
export const IN_SPACE = 'exists (select from app a where a.client_id = $1)';
