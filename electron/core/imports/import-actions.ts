import { stat } from 'node:fs/promises';
import { CoreError } from '../../../shared/contract/errors.ts';
import type { ImportPreview, ImportSettings } from '../../../shared/contract/models.ts';
import type { ActionContext, Handlers } from '../handler.ts';
import { importFile, localDay } from './commit.ts';
import { earlierImports, knownKeys, recallMapping } from './import-batches.ts';
import { createPace } from './pace.ts';
import { previewFile } from './preview.ts';
import { hashFile } from './read-rows.ts';
import { saveRejects } from './save-rejects.ts';

type Handler<N extends 'imports.preview' | 'imports.commit' | 'imports.saveRejects'> = Handlers<N>[N];

/** What was last shown or imported of a chosen file: how it is read, and that it is still the same file. */
interface SeenFile {
	settings: ImportSettings;
	sha256: string;
	rows: number;
	stamp: string;
}

/** By file token. A token lives as long as the app does, and a person looks at a few files at a time. */
const seenFiles = new Map<string, SeenFile>();
const MAX_SEEN = 20;

function remember(token: string, seen: SeenFile): void {
	seenFiles.delete(token);
	seenFiles.set(token, seen);
	for (const oldest of seenFiles.keys()) {
		if (seenFiles.size <= MAX_SEEN) break;
		seenFiles.delete(oldest);
	}
}

async function stampOf(path: string): Promise<string> {
	try {
		const { size, mtimeMs } = await stat(path);
		return `${size} ${mtimeMs}`;
	} catch {
		throw new CoreError('file_gone', 'The file is no longer where it was.');
	}
}

/** Reads a file and shows what it would become; writes nothing. */
export const previewImport: Handler<'imports.preview'> = async (context, input) => {
	const path = context.pathOf(input.file);
	const stamp = await stampOf(path);
	await requireAccount(context, input.account_id);
	const known = await knownKeys(context, input.account_id);
	const { preview, sha256 } = await previewFile({
		path,
		wanted: input.settings ?? {},
		today: localDay(context.now()),
		pace: createPace(context),
		progress: context.progress,
		recall: (key) => recallMapping(context, input.account_id, key),
		isKnown: (key) => known.has(key),
	});
	remember(input.file, { settings: preview.settings, sha256, rows: preview.rows, stamp });
	return withEarlier(preview, await earlierImports(context, input.account_id, sha256));
};

/** Imports what the preview showed. */
export const commitImport: Handler<'imports.commit'> = async (context, input) => {
	const path = context.pathOf(input.file);
	const stamp = await stampOf(path);
	await requireAccount(context, input.account_id);
	const seen = seenFiles.get(input.file);
	if (seen && seen.stamp !== stamp) {
		throw new CoreError(
			'file_gone',
			'The file has changed since its preview. Look at the preview again before importing.',
		);
	}
	const sha256 = seen?.sha256 ?? (await hashFile(path, createPace(context)));
	const { settings, account_id: accountId } = input;
	const expected = seen?.rows ?? null;
	await context.backups?.desk.before('import', context);
	const result = await importFile(context, { path, accountId, settings, sha256, expected });
	remember(input.file, { settings, sha256, rows: result.rows, stamp });
	return result;
};

/** Saves the rows that were left out. */
export const saveImportRejects: Handler<'imports.saveRejects'> = async (context, input) => {
	const path = context.pathOf(input.file);
	const seen = seenFiles.get(input.file);
	if (!seen) throw new CoreError('file_gone', 'The file must be chosen again.');
	const target = context.pathOf(input.target);
	const rows = await saveRejects({
		path,
		target,
		settings: seen.settings,
		today: localDay(context.now()),
		pace: createPace(context),
	});
	return { rows };
};

async function requireAccount(context: ActionContext, accountId: string): Promise<void> {
	const account = await context.read(({ db }) =>
		db
			.selectFrom('account')
			.select('id')
			.where('id', '=', accountId)
			.where('deleted_at', 'is', null)
			.executeTakeFirst(),
	);
	if (!account) throw new CoreError('not_found', 'There is no such account.');
}

function withEarlier(preview: ImportPreview, earlier: string[]): ImportPreview {
	const last = earlier[0];
	if (last === undefined) return preview;
	const said = `This very file was imported for this account on ${last.slice(0, 10)}${earlier.length > 1 ? ` and ${earlier.length - 1} more times` : ''}.`;
	return { ...preview, warnings: [said, ...preview.warnings] };
}
