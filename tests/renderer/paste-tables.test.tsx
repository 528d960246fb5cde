import { describe, expect, it } from 'vitest';
import { tablesAsLines } from '../../renderer/features/notes/paste-tables.ts';

describe('a table pasted into a note', () => {
	it('becomes a line per row, with the cells apart', () => {
		const html =
			'<p>List</p><table><tr><th>Case</th><th>Fee</th></tr><tr><td>US 1</td><td>1,200 <b>USD</b></td></tr></table>';
		expect(tablesAsLines(html)).toBe('<p>List</p><p>Case | Fee</p><p>US 1 | 1,200 USD</p>');
	});

	it('leaves everything else as it is', () => {
		expect(tablesAsLines('<p>a <b>b</b></p>')).toBe('<p>a <b>b</b></p>');
	});
});
