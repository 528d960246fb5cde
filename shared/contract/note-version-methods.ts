import { z } from 'zod';
import { command, query } from './define.ts';
import type * as k from './kept-models.ts';
import type { Created } from './models.ts';

const id = z.string().min(1).max(64);
const version = z.int().nonnegative();

/** The earlier states of a note's text. They are derived from the stored updates; nothing is kept twice. */
export const noteVersionMethods = {
	'notes.versions': query(
		z.strictObject({
			id,
			offset: z.int().nonnegative().default(0),
			limit: z.int().positive().max(20_000).default(100),
		}),
		['note', 'text_update', 'app_user', 'device'],
	)<k.NoteVersions>(),
	'notes.version': query(z.strictObject({ id, version }), [
		'note',
		'text_update',
		'app_user',
		'device',
	])<k.NoteVersionText>(),
	/** What came and went between two versions, block by block. `from` 0 stands for the empty text before the first word. */
	'notes.compare': query(z.strictObject({ id, from: version, to: version }), [
		'note',
		'text_update',
	])<k.NoteComparison>(),
	/** Puts the text back as an ordinary edit. Throws `note_damaged` for a text of which a piece cannot be read. */
	'notes.restoreVersion': command('Version restored', z.strictObject({ id, version }))<{ changed: boolean }>(),
	/** A new note beside this one with the words of a version: the way on when the text itself must not be written to. */
	'notes.copyVersion': command('Note made from a version', z.strictObject({ id, version }))<Created>(),
};
