import type { Handlers } from '../handler.ts';
import { exportEverything } from './export-everything.ts';

export const exportHandlers: Handlers<'export.everything'> = {
	'export.everything': (context, { target, account_id, files }) =>
		exportEverything(context, { target: context.pathOf(target), accountId: account_id, withFiles: files }),
};
