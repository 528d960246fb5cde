import type { VaultAnswer, VaultAsk, VaultProblem } from '../../shared/contract/vault.ts';

/** Asks main about the key. A bridge that breaks counts as a disk that did not answer: nothing was changed. */
export async function askVault(ask: VaultAsk): Promise<VaultAnswer> {
	try {
		return await window.fieldbook.vault(ask);
	} catch {
		return { ok: false, problem: 'io_error' };
	}
}

/** What was typed, as bytes. The same words typed on another keyboard may arrive composed differently. */
export function secretOf(text: string): Uint8Array {
	return new TextEncoder().encode(text.normalize('NFKC'));
}

const words: Record<Exclude<VaultProblem, 'typo'>, string> = {
	wrong: 'That does not open this workbook. Nothing was changed; try again.',
	too_short: 'It is too short.',
	too_common:
		'That is among the first that anybody tries. Four or five plain words that do not belong together are good.',
	not_the_code: 'Those are not the two groups. Nothing was changed; look again at the code.',
	not_now: 'This cannot be done now. Nothing was changed.',
	unsaved: 'Some words on the screen could not be saved, so the workbook was not locked.',
	disk_full: 'The disk is full. Nothing was changed; free some space and try again.',
	io_error: 'The disk did not answer. Nothing was changed; try again.',
	not_rotated: 'The key could not be changed. The workbook is as it was, under the key it had.',
};

/** What a refusal means, in a sentence or two. */
export function vaultWords(answer: Extract<VaultAnswer, { ok: false }>): string {
	const { problem, group = 0, waitSeconds = 0 } = answer;
	if (problem === 'typo')
		return group > 0
			? `Group ${group} has a typing mistake. Nothing was changed; compare it with the paper.`
			: 'A code has seven groups of five. Nothing was changed; look for what is missing or too much.';
	const wait = waitSeconds > 1 ? ` The next try takes ${waitSeconds} seconds longer.` : '';
	return words[problem] + wait;
}
