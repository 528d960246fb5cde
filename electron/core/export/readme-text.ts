import type { Exporting } from './exporting.ts';

/** What the folder says of itself. */
export function readmeText({ accountId, unreadable, result, withFiles }: Exporting, now: Date): string {
	const lines = [
		`Fieldbook export of ${accountId ? 'one client' : 'everything on this computer'}, ${now.toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
		'',
		'This is not encrypted. Whoever has it can read it; delete it when it has served its purpose.',
		'',
		'Workbook.xlsx          one sheet for each kind of record, for people',
		'records/               the same records, one JSON value per line, one file for each kind',
		'Note texts.jsonl       each note as text, and as its Yjs document in base64, which holds every version',
		'History.jsonl          every earlier value of a field',
		'Unsent changes.jsonl   what the office did not have yet',
		...(accountId ? [] : ['Sync receipts.jsonl    what came and went with each sync, with its lines beside it']),
		...(withFiles ? ['files/                 files that were on this computer, under the ids of their records'] : []),
		'',
		'Days are local days (YYYY-MM-DD). Times are UTC. Amounts are decimals as text in the JSON lines. Deleted records are',
		'included, with the time of their deletion. What was changed while this was written may be in it as before or as after.',
	];
	const { filesElsewhere } = result;
	if (filesElsewhere > 0)
		lines.push(
			'',
			`${filesElsewhere} ${filesElsewhere === 1 ? 'file is' : 'files are'} at the office only and not included.`,
		);
	if (unreadable.size > 0)
		lines.push('', `The workbook was damaged. Not everything could be read of: ${[...unreadable].join(', ')}.`);
	return `${lines.join('\r\n')}\r\n`;
}
