import type { CallError } from '../../shared/contract/errors.ts';

/** Why nothing more is written to the store. */
export const DAMAGED: CallError = { code: 'store_damaged', message: 'The store is damaged; nothing is written to it.' };

/** This laptop has been put out and has handed everything in; it is about to destroy what it holds. */
export const LEAVING: CallError = { code: 'leaving', message: 'This laptop has handed in its work.' };
