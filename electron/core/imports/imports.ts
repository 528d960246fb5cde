import { CoreError } from '../../../shared/contract/errors.ts';
import type { ActionContext, Handlers } from '../handler.ts';
import { listBatches } from './import-batches.ts';
import { recoverImports as recover, removeBatch } from './remove-batch.ts';

/** The readers of workbooks and encodings are large; they are loaded with the first file, not at every start. */
const actions = () => import('./import-actions.ts');

/** Import of clients' files: looked at first, written only when confirmed, undone as one. */
export const importHandlers: Handlers<
	'imports.list' | 'imports.preview' | 'imports.commit' | 'imports.saveRejects' | 'imports.undo'
> = {
	'imports.list': (context, { account_id }) => listBatches(context, account_id),

	'imports.preview': async (context, input) => (await actions()).previewImport(context, input),
	'imports.commit': async (context, input) => (await actions()).commitImport(context, input),
	'imports.saveRejects': async (context, input) => (await actions()).saveImportRejects(context, input),

	'imports.undo': async (context, { batchId }) => {
		const batch = await context.read(({ db }) =>
			db.selectFrom('import_batch').select('status').where('id', '=', batchId).executeTakeFirst(),
		);
		if (!batch) throw new CoreError('not_found', 'There is no such import.');
		if (batch.status !== 'COMMITTED')
			throw new CoreError('cannot_undo', 'This import has been undone before, or is still running.');
		await context.backups?.desk.before('change', context);
		return { removed: await removeBatch(context, batchId) };
	},
};

/** Cleans up after imports that the app's end cut short; to be called at every start. */
export async function recoverImports(context: ActionContext): Promise<number> {
	return recover(context);
}
