import { readMarkup } from '../../lib/markup.ts';

/** A pasted table becomes a line per row: a note has no tables, and cells without a gap would run into one word. */
export function tablesAsLines(html: string): string {
	if (!/<table/i.test(html)) return html;
	const page = readMarkup(html);
	for (const table of page.querySelectorAll('table')) {
		const lines = [...table.querySelectorAll('tr')].map((row) => {
			const line = page.createElement('p');
			line.textContent = [...row.cells].map((cell) => cell.textContent?.replace(/\s+/g, ' ').trim()).join(' | ');
			return line;
		});
		table.replaceWith(...lines);
	}
	return page.body.innerHTML;
}
