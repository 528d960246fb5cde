import { call } from '../../lib/core.ts';
import { errorLine } from '../../lib/error-words.ts';
import { counted } from '../../lib/numbers.ts';
import { showToast } from '../../lib/toasts.ts';

/** Asks where, then writes the rejected rows there as they came, with the reason beside them. */
export async function saveRejects(file: { token: string; name: string }): Promise<void> {
	const name = file.name.replace(/\.[^.]*$/, '');
	const target = await window.fieldbook.chooseFile('rejects', `${name} rejected.csv`);
	if (!target) return;
	const result = await call('imports.saveRejects', { file: file.token, target: target.token });
	if (result.ok) showToast(`${counted(result.value.rows, 'row')} saved to ${target.name}`);
	else showToast(errorLine(result.error), { tone: 'red' });
}
